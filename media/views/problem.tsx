import { useEffect, useState } from 'preact/hooks';
import type { ProblemInfo } from '../../src/common/events.ts';
import { command, post } from '../host.ts';
import { memo } from '../memo.ts';
import { Button, Icon, IconButton, LinkButton, Prose } from './parts.tsx';

interface Remedy {
  label: string;
  act: () => void;
}

const engine = (action: 'start' | 'restart') => (): void => post({ type: 'engine', action: { action } });

const restart: Remedy = { label: 'Restart the engine', act: engine('restart') };
const chooseModel: Remedy = { label: 'Choose a model…', act: command('chooseModel') };
const settings: Remedy = { label: 'Open settings', act: command('openSettings') };
const address: Remedy = { label: 'Check the address', act: command('openSettings') };
const reconnect: Remedy = { label: 'Reconnect', act: command('reconnect') };

/** The one button that helps, by what went wrong. What is not here has its words and the log. */
const remedies: Record<string, Remedy> = {
  no_server: { label: 'Copy the set-up command', act: command('copySetup') },
  engine_key: { label: 'Set the key…', act: command('setKey') },
  engine_stopped: { label: 'Start the engine', act: engine('start') },
  prompt_too_long: { label: 'New chat', act: () => post({ type: 'chat.new' }) },
  no_folder: { label: 'Open folder…', act: command('openFolder') },
  ...each(
    ['engine_failed', 'engine_lost', 'engine_silent', 'engine_unstable', 'engine_error', 'engine_garbled'],
    restart,
  ),
  ...each(['server_failed', 'server_silent'], restart),
  ...each(['no_model', 'model_unknown', 'model_missing', 'model_unreadable', 'model_foreign'], chooseModel),
  ...each(['model_truncated', 'model_damaged', 'model_not_fetched', 'engine_model', 'engine_empty'], chooseModel),
  ...each(['memory', 'server_old', 'tools_unsupported'], chooseModel),
  ...each(['engine_refused', 'engine_unreachable', 'engine_foreign', 'url_invalid'], address),
  ...each(['server_flag', 'server_port', 'server_unusable'], settings),
  ...each(['unreachable', 'supervisor_failed', 'protocol', 'closing'], reconnect),
};

/** Where the work can simply go on, the person need not write it. */
const GO_ON = new Set(['agent_crashed', 'supervisor_ended', 'cut_off', 'too_many_steps']);

function remedyOf(code: string, agent: string, managed: boolean): Remedy | undefined {
  // The person's own server is not ours to start again.
  if (!managed && remedies[code] === restart) return { ...restart, label: 'Connect again' };
  if (!GO_ON.has(code)) return remedies[code];
  return {
    label: 'Continue',
    act: () => post({ type: 'send', text: 'Go on where you stopped.', agent, lane: 'follow-up' }),
  };
}

function each(codes: readonly string[], remedy: Remedy): Record<string, Remedy> {
  return Object.fromEntries(codes.map((code) => [code, remedy]));
}

/** Something went wrong: what happened, what to do, and a button that helps. */
export const ProblemCard = memo(
  'ProblemCard',
  (props: {
    problem: ProblemInfo;
    agent: string;
    managed: boolean;
    /** The chat has gone on since: there is nothing to mend any more. */
    past?: boolean;
    failures?: number;
    onClose?: (() => void) | undefined;
  }) => {
    const { problem, past = false, failures = 0 } = props;
    const [sent, setSent] = useState(false);
    // The message did not arrive: it can be sent again.
    useEffect(() => setSent(false), [failures]);
    const goesOn = GO_ON.has(problem.code);
    const remedy = past || sent ? undefined : remedyOf(problem.code, props.agent, props.managed);
    const act = (): void => {
      setSent(goesOn);
      remedy?.act();
    };
    return (
      <section class="card problem" role="alert">
        <Icon name="error" />
        <div class="problem-words">
          <p class="problem-what">
            <Prose text={problem.message} />
          </p>
          <p class="problem-advice">
            <Prose text={problem.advice} />
          </p>
          <div class="buttons">
            {remedy !== undefined && <Button onClick={act}>{remedy.label}</Button>}
            {goesOn && (past || sent) && <span class="quiet">The chat went on</span>}
            <LinkButton onClick={command('showLog')}>Show log</LinkButton>
          </div>
        </div>
        {props.onClose !== undefined && <IconButton icon="close" label="Close" onClick={props.onClose} />}
      </section>
    );
  },
);
