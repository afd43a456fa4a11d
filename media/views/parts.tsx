import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { post } from '../host.ts';
import { exact } from '../exact.ts';
import { proseParts } from '../words.ts';

/** Small parts that everything else is made of. */

export function Icon({ name, spin }: { name: string; spin?: boolean }) {
  return <span class={`codicon codicon-${name}${spin === true ? ' spin' : ''}`} aria-hidden="true" />;
}

export function IconButton(props: {
  icon: string;
  label: string;
  onClick: () => void;
  class?: string;
  disabled?: boolean;
}) {
  return (
    <button
      type="button"
      class={`icon-button ${props.class ?? ''}`}
      title={props.label}
      aria-label={props.label}
      disabled={props.disabled ?? false}
      onClick={props.onClick}
    >
      <Icon name={props.icon} />
    </button>
  );
}

export function Button(props: {
  children: ComponentChildren;
  onClick: () => void;
  primary?: boolean;
  disabled?: boolean;
  title?: string;
}) {
  return (
    <button
      type="button"
      class={props.primary === true ? 'button primary' : 'button'}
      title={props.title}
      disabled={props.disabled ?? false}
      onClick={props.onClick}
    >
      {props.children}
    </button>
  );
}

export function LinkButton(props: {
  children: ComponentChildren;
  onClick: () => void;
  expanded?: boolean;
  label?: string;
  title?: string;
}) {
  return (
    <button
      type="button"
      class="link"
      title={props.title}
      aria-expanded={props.expanded}
      aria-label={props.label}
      onClick={props.onClick}
    >
      {props.children}
    </button>
  );
}

/** Milliseconds for which a copy is confirmed. */
const CONFIRM = 1500;

export function CopyButton({ text, label }: { text: string; label: string }) {
  const [copied, setCopied] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const copy = (): void => {
    post({ type: 'copy', text });
    setCopied(true);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setCopied(false), CONFIRM);
  };
  return <IconButton icon={copied ? 'check' : 'copy'} label={copied ? 'Copied' : label} onClick={copy} />;
}

/** A bar; without a total it only shows that something is under way. */
export function Progress({ done, total, label }: { done?: number; total?: number; label: string }) {
  const known = done !== undefined && total !== undefined && total > 0;
  const part = known ? Math.min(1, done / total) : 0;
  return (
    <div
      class={known ? 'progress' : 'progress unknown'}
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={known ? Math.round(part * 100) : undefined}
    >
      <div class="progress-done" style={{ transform: known ? `scaleX(${part})` : undefined }} />
    </div>
  );
}

/** A text in which every character that cannot be seen is spelled out. */
export function Exact({ text }: { text: string }) {
  return (
    <>
      {exact(text).map((piece, index) =>
        piece.escaped ? (
          <span key={index} class="escaped" title="A character that cannot be seen">
            {piece.text}
          </span>
        ) : (
          piece.text
        ),
      )}
    </>
  );
}

/** A sentence of ours, in which `code` and *names of buttons* are marked. */
export function Prose({ text }: { text: string }) {
  return (
    <>
      {proseParts(text).map((part, index) => {
        if (part.kind === 'code') return <code key={index}>{part.text}</code>;
        return part.kind === 'name' ? <em key={index}>{part.text}</em> : part.text;
      })}
    </>
  );
}

/** *Why?* and what stands behind it. */
export function Why({ rule, children }: { rule: string; children?: ComponentChildren }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <LinkButton expanded={open} onClick={() => setOpen(!open)}>
        Why?
      </LinkButton>
      {open && (
        <div class="why">
          Rule: {rule}
          {children}
        </div>
      )}
    </>
  );
}
