import { Component, type ComponentChild, type ComponentType, h } from 'preact';

/**
 * A component that is drawn again only when a prop changed; lists count as the same when their members are. It is what
 * keeps a chat of thousands of items cheap while one of them streams.
 */
export function memo<P extends object>(name: string, draw: (props: P) => ComponentChild): ComponentType<P> {
  // The inner component is what may use hooks.
  const Inner = draw as ComponentType<P>;
  return class Memo extends Component<P> {
    static override displayName = name;
    override shouldComponentUpdate(next: Readonly<P>): boolean {
      return !equal(this.props, next);
    }
    override render(): ComponentChild {
      return h(Inner, this.props);
    }
  };
}

function equal(left: object, right: object): boolean {
  const a = Object.entries(left);
  const b = new Map(Object.entries(right));
  return a.length === b.size && a.every(([key, value]) => b.has(key) && same(value, b.get(key)));
}

function same(left: unknown, right: unknown): boolean {
  if (Object.is(left, right)) return true;
  if (!Array.isArray(left) || !Array.isArray(right) || left.length !== right.length) return false;
  return left.every((value, index) => Object.is(value, right[index]));
}
