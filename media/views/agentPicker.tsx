import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { AgentInfo } from '../../src/common/protocol.ts';
import type { ProblemInfo } from '../../src/common/events.ts';
import { post } from '../host.ts';
import { agentName } from '../words.ts';
import { Icon } from './parts.tsx';

/** Who is to answer. */
export function AgentPicker(props: {
  agents: readonly AgentInfo[];
  problems: readonly ProblemInfo[];
  agent: string;
  onPick: (name: string) => void;
}) {
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const close = (): void => {
    setOpen(false);
    button.current?.focus();
  };
  return (
    <>
      <button
        ref={button}
        type="button"
        class="quiet-button"
        title="Choose the agent"
        aria-label={`Agent: ${agentName(props.agent)}. Choose another`}
        aria-haspopup="listbox"
        aria-expanded={open}
        onClick={() => {
          if (!open) post({ type: 'agents' });
          setOpen(!open);
        }}
      >
        <span>{agentName(props.agent)}</span>
        <Icon name="chevron-down" />
      </button>
      {open && props.agents.length > 0 && (
        <AgentList
          {...props}
          onClose={close}
          onPick={(name) => {
            props.onPick(name);
            close();
          }}
        />
      )}
    </>
  );
}

function AgentList(props: {
  agents: readonly AgentInfo[];
  problems: readonly ProblemInfo[];
  agent: string;
  onPick: (name: string) => void;
  onClose: () => void;
}) {
  const { agents } = props;
  const list = useRef<HTMLUListElement>(null);
  const [active, setActive] = useState(() =>
    Math.max(
      0,
      agents.findIndex((agent) => agent.name === props.agent),
    ),
  );
  useLayoutEffect(() => list.current?.focus(), []);
  const onKeyDown = (event: KeyboardEvent): void => {
    const agent = agents[active];
    if (event.key === 'ArrowDown') setActive((active + 1) % agents.length);
    else if (event.key === 'ArrowUp') setActive((active + agents.length - 1) % agents.length);
    else if ((event.key === 'Enter' || event.key === ' ') && agent !== undefined) props.onPick(agent.name);
    else if (event.key === 'Escape' || event.key === 'Tab') props.onClose();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <ul
      ref={list}
      class="popup"
      role="listbox"
      aria-label="Agents"
      tabindex={0}
      aria-activedescendant={`agent-${active}`}
      onKeyDown={onKeyDown}
      onFocusOut={props.onClose}
    >
      {agents.map((agent, index) => (
        <li
          key={agent.name}
          id={`agent-${index}`}
          role="option"
          aria-selected={agent.name === props.agent}
          class={index === active ? 'option tall active' : 'option tall'}
          onMouseMove={() => setActive(index)}
          onMouseDown={(event) => {
            event.preventDefault();
            props.onPick(agent.name);
          }}
        >
          <Icon name={agent.name === props.agent ? 'check' : 'robot'} />
          <span class="option-lines">
            <span class="option-name">{agentName(agent.name)}</span>
            <span class="option-note">
              {agent.from === 'workspace' ? `Of this workspace: ${agent.description}` : agent.description}
            </span>
          </span>
        </li>
      ))}
      {props.problems.map(({ message, advice }) => (
        <li key={message} class="option tall fault" role="none">
          <Icon name="warning" />
          <span class="option-note">{`${message} ${advice}`}</span>
        </li>
      ))}
    </ul>
  );
}
