import { useCallback, useLayoutEffect, useRef, useState } from 'preact/hooks';

/** Pixels from the end that still count as being there. */
const NEAR = 32;

/**
 * Keeps a list at its end while the person is there, and leaves it alone when they have gone elsewhere.
 *
 * @param enabled false while what is shown has no end to follow and begins at its top
 * @returns whether the end is in view, how to go there, and how to stay elsewhere.
 */
export function useFollow(
  list: { readonly current: HTMLDivElement | null },
  enabled: boolean,
): { atEnd: boolean; toEnd: () => void; leave: () => void } {
  const following = useRef(true);
  /** Where the list stood when it was last looked at. */
  const top = useRef(0);
  const [atEnd, setAtEnd] = useState(true);

  const pin = useCallback(() => {
    const element = list.current;
    if (element === null) return;
    element.scrollTop = element.scrollHeight;
    top.current = element.scrollTop;
  }, [list]);
  const toEnd = useCallback(() => {
    following.current = true;
    setAtEnd(true);
    pin();
  }, [pin]);

  const leave = useCallback(() => {
    following.current = false;
  }, []);

  useLayoutEffect(() => {
    if (enabled && following.current) pin();
  });

  useLayoutEffect(() => {
    const element = list.current;
    if (element === null || !enabled) return undefined;
    const onScroll = (): void => {
      // Growing text moves the end away without a scroll; only going up leaves it.
      if (distanceToEnd(element) <= NEAR) following.current = true;
      else if (element.scrollTop < top.current) following.current = false;
      top.current = element.scrollTop;
      setAtEnd(following.current);
    };
    const observer = new ResizeObserver((entries) => {
      if (following.current && entries.some((entry) => entry.target === element)) pin();
      // Grown without a new event: the person opened something, and it must not be pushed out of their sight.
      if (distanceToEnd(element) > NEAR) {
        following.current = false;
        setAtEnd(false);
      }
    });
    observer.observe(element);
    if (element.firstElementChild !== null) observer.observe(element.firstElementChild);
    element.addEventListener('scroll', onScroll, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener('scroll', onScroll);
    };
  }, [list, enabled, pin]);

  return { atEnd: atEnd || !enabled, toEnd, leave };
}

function distanceToEnd(element: HTMLElement): number {
  return element.scrollHeight - element.scrollTop - element.clientHeight;
}
