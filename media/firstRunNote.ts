import { useState } from 'preact/hooks';
import { onFirstRun } from '../src/common/firstRun.ts';
import type { PanelState } from '../src/common/panel.ts';
import { save, saved } from './host.ts';

/** What the first-run model can and cannot do: shown until the person closes it, and again when they ask. */
export interface FirstRunNote {
  open: boolean;
  toggle: () => void;
}

/** Undefined while another model is in use. Remembered, so that a closed note stays closed. */
export function useFirstRunNote(host: PanelState | null): FirstRunNote | undefined {
  const [closed, setClosed] = useState(saved().firstRunClosed);
  if (!onFirstRun(host?.engine)) return undefined;
  const toggle = (): void => {
    setClosed(!closed);
    save({ firstRunClosed: !closed });
  };
  return { open: !closed, toggle };
}
