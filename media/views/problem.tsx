import type { ProblemInfo } from '../../src/common/events.ts';
import { post } from '../host.ts';
import { memo } from '../memo.ts';
import { Button, Icon, IconButton, LinkButton } from './parts.tsx';

interface Remedy {
  label: string;
  act: () => void;
}

const command = (name: 'chooseModel' | 'openSettings' | 'copySetup' | 'reconnect') => (): void =>
  post({ type: 'command', command: name });
const engine = (action: 'start' | 'restart') => (): void => post({ type: 'engine', action: { action } });

const restart: Remedy = { label: 'Restart the engine', act: engine('restart') };
const chooseModel: Remedy = { label: 'Choose a model…', act: command('chooseModel') };

/** The one button that helps, by what went wrong. What is not here has its words and the log. */
const remedies: Record<string, (agent: string) => Remedy> = {
  no_engine: () => ({ label: 'Copy the set-up command', act: command('copySetup') }),
  no_model: () => chooseModel,
  bad_model: () => chooseModel,
  model_missing: () => chooseModel,
  model_failed: () => chooseModel,
  tools_unsupported: () => chooseModel,
  engine_failed: () => restart,
  engine_lost: () => restart,
  engine_stopped: () => ({ label: 'Start the engine', act: engine('start') }),
  engine_unreachable: () => ({ label: 'Check the address', act: command('openSettings') }),
  agent_crashed: (agent) => ({
    label: 'Go on',
    act: () => post({ type: 'send', text: 'Go on where you stopped.', agent, lane: 'follow-up' }),
  }),
  prompt_too_long: () => ({ label: 'New chat', act: () => post({ type: 'chat.new' }) }),
  unreachable: () => ({ label: 'Reconnect', act: command('reconnect') }),
};

/** Something went wrong: what happened, what to do, and a button that helps. */
export const ProblemCard = memo(
  'ProblemCard',
  (props: { problem: ProblemInfo; agent: string; onClose?: (() => void) | undefined }) => {
    const { problem } = props;
    const remedy = remedies[problem.code]?.(props.agent);
    return (
      <section class="card problem" role="alert">
        <Icon name="error" />
        <div class="problem-words">
          <p class="problem-what">{problem.message}</p>
          <p class="problem-advice">{problem.advice}</p>
          <div class="buttons">
            {remedy !== undefined && <Button onClick={remedy.act}>{remedy.label}</Button>}
            <LinkButton onClick={() => post({ type: 'command', command: 'showLog' })}>Show log</LinkButton>
          </div>
        </div>
        {props.onClose !== undefined && <IconButton icon="close" label="Close" onClick={props.onClose} />}
      </section>
    );
  },
);
