import { useLayoutEffect, useState } from 'preact/hooks';

/**
 * Milliseconds for which a question that has just come takes no yes: a click or a key on its way then was meant for
 * something else. As long as Firefox waits before the buttons of its own prompts work (`security.dialog_enable_delay`).
 */
const READING = 1000;

/** False until what is named here has been in view, unchanged, for long enough to be read. */
export function useSettled(what: string): boolean {
  const [settled, setSettled] = useState<string | null>(null);
  useLayoutEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const begin = (): void => {
      clearTimeout(timer);
      setSettled(null);
      if (!document.hidden) timer = setTimeout(() => setSettled(what), READING);
    };
    begin();
    document.addEventListener('visibilitychange', begin);
    return () => {
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', begin);
    };
  }, [what]);
  return settled === what;
}
