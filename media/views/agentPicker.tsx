import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { AgentInfo } from '../../src/common/protocol.ts';
import type { ProblemInfo } from '../../src/common/events.ts';
import { post } from '../host.ts';
import { agentName, plural } from '../words.ts';
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

/** Pixels between the list and the upper edge of the panel. */
const EDGE = 8;

function AgentList(props: {
  agents: readonly AgentInfo[];
  problems: readonly ProblemInfo[];
  agent: string;
  onPick: (name: string) => void;
  onClose: () => void;
}) {
  const { agents, problems } = props;
  const popup = useRef<HTMLDivElement>(null);
  const list = useRef<HTMLUListElement>(null);
  const [faults, setFaults] = useState(false);
  const [active, setActive] = useState(() =>
    Math.max(
      0,
      agents.findIndex((agent) => agent.name === props.agent),
    ),
  );
  useLayoutEffect(() => {
    const { current } = popup;
    // It stands above the box and may reach up to the edge of the panel.
    if (current !== null) current.style.maxHeight = `${current.getBoundingClientRect().bottom - EDGE}px`;
    list.current?.focus();
  }, []);
  useEffect(() => {
    list.current?.children.item(active)?.scrollIntoView({ block: 'nearest' });
  }, [active]);
  const onKeyDown = (event: KeyboardEvent): void => {
    const agent = agents[active];
    if (event.target !== list.current && event.key !== 'Escape') return;
    // To what cannot be used.
    if (event.key === 'Tab' && problems.length > 0) return;
    if (event.key === 'ArrowDown') setActive((active + 1) % agents.length);
    else if (event.key === 'ArrowUp') setActive((active + agents.length - 1) % agents.length);
    else if ((event.key === 'Enter' || event.key === ' ') && agent !== undefined) props.onPick(agent.name);
    else if (event.key === 'Escape' || event.key === 'Tab') props.onClose();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const onFocusOut = (event: FocusEvent): void => {
    if (!(event.relatedTarget instanceof Node && popup.current?.contains(event.relatedTarget) === true))
      props.onClose();
  };
  return (
    <div ref={popup} class="popup agents" onKeyDown={onKeyDown} onFocusOut={onFocusOut}>
      <div class="popup-scroll">
        <ul ref={list} role="listbox" aria-label="Agents" tabindex={0} aria-activedescendant={`agent-${active}`}>
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
        </ul>
        {faults && <Faults problems={problems} />}
      </div>
      {problems.length > 0 && (
        <button
          type="button"
          class="popup-foot"
          aria-expanded={faults}
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => setFaults(!faults)}
        >
          <Icon name="warning" />
          {`${plural(problems.length, 'agent file')} cannot be used`}
        </button>
      )}
    </div>
  );
}

/** Why agents cannot be used; a click opens the file. */
function Faults({ problems }: { problems: readonly ProblemInfo[] }) {
  const list = useRef<HTMLUListElement>(null);
  useLayoutEffect(() => list.current?.scrollIntoView({ block: 'nearest' }), []);
  return (
    <ul ref={list}>
      {problems.map(({ message, advice }) => (
        <li key={message}>
          <button
            type="button"
            class="option tall fault"
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => openFault(message)}
          >
            <Icon name="go-to-file" />
            <span class="option-note">{`${message} ${advice}`}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}

/** What is wrong with a file of an agent begins with where it stands. */
function openFault(message: string): void {
  const [, path, line] = /^(.+?\.md)(?::(\d+))?: /.exec(message) ?? [];
  if (path !== undefined) post({ type: 'open', path, ...(line === undefined ? {} : { line: Number(line) }) });
}
