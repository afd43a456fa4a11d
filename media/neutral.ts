import { options } from 'preact';
import { dropHidden } from '../src/common/gate/hidden.ts';

/** Attributes that are shown or read out. */
const spoken = ['title', 'aria-label', 'aria-description', 'placeholder', 'alt', 'label'];

/** As Preact makes them of all that is drawn; a text is a node without a type, whose properties are the text. */
type Node = { type: null; props: unknown } | { type: string | object; props: Record<string, unknown> };

/**
 * From here on no text that the page draws can turn other text around or hide in it, wherever it comes from: an answer, a notice, the
 * name of a file or a chat. What a person decides on is drawn by `Exact`, which shows such characters. (Markdown is drawn as HTML and
 * sees to it itself.)
 */
export function neutralText(): void {
  options.vnode = neutralise;
}

function neutralise(node: Node): void {
  if (node.type === null) {
    if (typeof node.props === 'string') node.props = dropHidden(node.props);
  } else if (typeof node.type === 'string') {
    for (const name of spoken) {
      const text = node.props[name];
      if (typeof text === 'string') node.props[name] = dropHidden(text);
    }
  }
}
