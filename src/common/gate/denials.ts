import type { Given } from './form.ts';
import { isLanguage, isShell } from './kinds.ts';

export interface Denial {
  rule: string;
  reason: string;
}

/** What brings text from elsewhere, or makes readable text of what could not be read. */
const sources = new Set(
  'curl wget fetch aria2c http https xh nc ncat netcat socat base64 base32 xxd uudecode openssl gpg'.split(' '),
);
const carriers = new Set('sudo doas env nohup exec command nice xargs time timeout stdbuf setsid busybox'.split(' '));
const machine = new Set('shutdown reboot poweroff halt mkfs fdisk sfdisk parted wipefs swapoff'.split(' '));
/** Addresses at which a cloud tells a machine its credentials. */
const metadata = /169\.254\.169\.254|metadata\.google\.internal|fd00:ec2::254|100\.100\.100\.200/i;

/** What is refused of a pipeline by the names of its programs and their words, whatever else is in it. */
export function denied(pipeline: readonly (readonly Given[])[]): Denial | undefined {
  let fed = false;
  for (const words of pipeline) {
    const names = words.map(({ text }) => text.replace(/^.*\//, ''));
    const program = names.find((name) => !carriers.has(name) && !name.startsWith('-') && !/^\w+=/.test(name)) ?? '';
    if (fed && (isShell(program) || isLanguage(program)) && takesProgram(names.slice(names.indexOf(program) + 1))) {
      return {
        rule: 'command.piped',
        reason:
          'It runs what it fetches or decodes without anybody having seen it. Save it to a file and read that first.',
      };
    }
    if (sources.has(program)) fed = true;
    if (machine.has(program) || program.startsWith('mkfs.')) {
      return { rule: 'command.machine', reason: `${program} is about the whole machine and not about this folder.` };
    }
    if (sources.has(program) && words.some(({ text }) => metadata.test(text))) {
      return { rule: 'network.metadata', reason: 'At this address a cloud hands out the credentials of the machine.' };
    }
  }
  return undefined;
}

/** Whether an interpreter with these words runs what it is fed, and not a file or a text of its own. */
function takesProgram(words: readonly string[]): boolean {
  if (words.some((word) => word === '-' || word === '-s' || word === 'stdin')) return true;
  return !words.some((word) => !word.startsWith('-') || /^-\w*[cemp]$|^--(?:eval|print|command)/.test(word));
}

/** A function that calls itself twice at once, under whatever name. */
export const forkBomb = /(\S+)\s*\(\)\s*\{[^}]*\1\s*\|\s*\1\s*&/;
