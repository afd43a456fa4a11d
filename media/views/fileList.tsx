import { useEffect, useRef } from 'preact/hooks';
import { Icon } from './parts.tsx';

/** Files that fit what is typed after the @. The focus stays in the box, which also has the keys. */
export function FileList(props: {
  files: readonly string[];
  active: number;
  onPick: (file: string) => void;
  onHover: (index: number) => void;
}) {
  const list = useRef<HTMLUListElement>(null);
  useEffect(() => {
    list.current?.children.item(props.active)?.scrollIntoView({ block: 'nearest' });
  }, [props.active]);
  return (
    <ul ref={list} class="popup" id="files" role="listbox" aria-label="Files">
      {props.files.map((file, index) => {
        const at = file.replace(/\/$/, '').lastIndexOf('/') + 1;
        return (
          <li
            key={file}
            id={`file-${index}`}
            role="option"
            aria-selected={index === props.active}
            class={index === props.active ? 'option active' : 'option'}
            onMouseMove={() => props.onHover(index)}
            // The press, not the click, so that the box keeps the focus.
            onMouseDown={(event) => {
              event.preventDefault();
              props.onPick(file);
            }}
          >
            <Icon name={file.endsWith('/') ? 'folder' : 'file'} />
            <span class="option-name">{file.slice(at)}</span>
            <span class="option-note">{file.slice(0, at)}</span>
          </li>
        );
      })}
    </ul>
  );
}
