// Every request that is taught, and how often.
import type { Kind } from '../kinds.ts';
import { runCommand, runCommandDenied, runScript } from './commands.ts';
import { conversation } from './conversations.ts';
import {
  addParameter,
  changeConstant,
  changedMeanwhile,
  changeMistyped,
  changeMissingText,
  changeText,
  changeTextIn,
  setValue,
} from './edits.ts';
import { explainFile, explainFunction, explainMention, explainTopic } from './explain.ts';
import { gitBranch, gitDiff, gitLog, gitStatus } from './git.ts';
import { appendLine, createFile, removeLine, rename } from './moreEdits.ts';
import { findFiles, findText, findTodos, listFolder, listWorkspace, readLines } from './searches.ts';
import { explainLong, explainOpen, tooManyHits, whichFile, wrongRole } from './special.ts';
import type { Play } from './stage.ts';
import { steeredCourse, steeredQuestion } from './steered.ts';
import { constantValue, findDefinition, findUses } from './symbols.ts';
import { abilities, bye, general, greeting, judge, thanks, tooBig, who } from './talk.ts';
import { runTests, runTestsDenied } from './tests.ts';
import { fileValue, missingFile, project } from './values.ts';

/** `conversation` and so on are no kinds of requests but ways in which they come. */
export type RequestName = Kind | 'conversation' | 'steer' | 'situation';

export interface Request {
  kind: RequestName;
  play: Play;
  /** Out of about a hundred. */
  weight: number;
  /** Only reads, so that the supervisor agent can do it too. */
  looks?: boolean;
  /** Its results are long on purpose. */
  long?: boolean;
  /** Only the supervisor agent, or only a folder that is not trusted. */
  where?: 'supervisor' | 'untrusted';
}

export const requests: readonly Request[] = [
  { kind: 'explain_file', play: explainFile, weight: 8.5, looks: true },
  { kind: 'explain_file', play: missingFile, weight: 0.7, looks: true },
  { kind: 'explain_file', play: explainLong, weight: 0.7, looks: true, long: true },
  { kind: 'explain_file', play: explainOpen, weight: 0.6, looks: true },
  { kind: 'explain_file', play: whichFile, weight: 0.4, looks: true },
  { kind: 'explain_mention', play: explainMention, weight: 4.5, looks: true },
  { kind: 'explain_topic', play: explainTopic, weight: 3.2, looks: true },
  { kind: 'explain_function', play: explainFunction, weight: 5.5, looks: true },
  { kind: 'find_uses', play: findUses, weight: 6, looks: true },
  { kind: 'find_definition', play: findDefinition, weight: 4, looks: true },
  { kind: 'find_text', play: findText, weight: 3.5, looks: true },
  { kind: 'find_text', play: tooManyHits, weight: 0.4, looks: true, long: true },
  { kind: 'find_todos', play: findTodos, weight: 2.6, looks: true },
  { kind: 'list_folder', play: listFolder, weight: 2, looks: true },
  { kind: 'list_workspace', play: listWorkspace, weight: 2.6, looks: true },
  { kind: 'find_files', play: findFiles, weight: 4, looks: true },
  { kind: 'read_lines', play: readLines, weight: 6, looks: true },
  { kind: 'file_value', play: fileValue, weight: 2.6, looks: true },
  { kind: 'constant_value', play: constantValue, weight: 2.2, looks: true },
  { kind: 'project', play: project, weight: 3, looks: true },
  { kind: 'run_tests', play: runTests, weight: 5 },
  { kind: 'run_tests', play: runTestsDenied, weight: 0.5 },
  { kind: 'run_tests', play: runTestsDenied, weight: 0.2, where: 'untrusted' },
  { kind: 'run_command', play: runCommand, weight: 5 },
  { kind: 'run_command', play: runCommandDenied, weight: 0.4 },
  { kind: 'run_script', play: runScript, weight: 4 },
  { kind: 'change_text', play: changeText, weight: 4.3 },
  { kind: 'change_text', play: changeMissingText, weight: 0.3 },
  { kind: 'change_text_in', play: changeTextIn, weight: 3.4 },
  { kind: 'change_text_in', play: changedMeanwhile, weight: 0.4 },
  { kind: 'change_text_in', play: changeMistyped, weight: 1 },
  { kind: 'change_text_in', play: changeTextIn, weight: 0.2, where: 'untrusted' },
  { kind: 'change_constant', play: changeConstant, weight: 2.8 },
  { kind: 'set_value', play: setValue, weight: 3 },
  { kind: 'add_parameter', play: addParameter, weight: 2.6 },
  { kind: 'rename', play: rename, weight: 3.4 },
  { kind: 'create_file', play: createFile, weight: 2 },
  { kind: 'append_line', play: appendLine, weight: 3.6 },
  { kind: 'remove_line', play: removeLine, weight: 3.6 },
  { kind: 'git_status', play: gitStatus, weight: 0.9 },
  { kind: 'git_diff', play: gitDiff, weight: 0.8 },
  { kind: 'git_log', play: gitLog, weight: 0.8 },
  { kind: 'git_branch', play: gitBranch, weight: 0.8 },
  { kind: 'greeting', play: greeting, weight: 1.6, looks: true },
  { kind: 'thanks', play: thanks, weight: 1.1, looks: true },
  { kind: 'bye', play: bye, weight: 1.1, looks: true },
  { kind: 'who', play: who, weight: 1.5, looks: true },
  { kind: 'abilities', play: abilities, weight: 1.5, looks: true },
  { kind: 'general', play: general, weight: 7, looks: true },
  { kind: 'judge', play: judge, weight: 3.8, looks: true },
  { kind: 'too_big', play: tooBig, weight: 2.6, looks: true },
  { kind: 'conversation', play: conversation, weight: 90 },
  { kind: 'steer', play: steeredQuestion, weight: 2.2 },
  { kind: 'steer', play: steeredCourse, weight: 1.4 },
  { kind: 'situation', play: wrongRole, weight: 0.4, where: 'supervisor' },
];
