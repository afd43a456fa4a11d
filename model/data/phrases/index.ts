// How people word their requests. How well a small model understands words that it never saw depends on how many
// different ones it was taught, so each sentence here is written by hand.
import type { Kind } from '../kinds.ts';
import { addParameter, rename } from './changeName.ts';
import { changeText, changeTextIn } from './changeText.ts';
import { explainFile } from './explainFile.ts';
import { explainFunction } from './explainFunction.ts';
import { explainMention, explainTopic } from './explainMention.ts';
import { findUses, findDefinition } from './findSymbol.ts';
import { findText, findTodos } from './findText.ts';
import { generalEveryday, generalHeld } from './generalEveryday.ts';
import { generalLanguages } from './generalLanguages.ts';
import { generalSystems } from './generalSystems.ts';
import { gitLog, gitBranch } from './gitHistory.ts';
import { gitStatus, gitDiff } from './gitState.ts';
import { listFolder, listWorkspace, findFiles } from './list.ts';
import type { Exchange, Phrases } from './phrases.ts';
import { project } from './project.ts';
import { readLines } from './readLines.ts';
import { judge, tooBig } from './refuse.ts';
import { runCommand, runScript } from './runCommand.ts';
import { runTests } from './runTests.ts';
import { who, abilities } from './self.ts';
import { changeConstant, setValue } from './setValue.ts';
import { greeting, thanks, bye } from './smallTalk.ts';
import { fileValue, constantValue } from './value.ts';
import { createFile, appendLine, removeLine } from './writeFile.ts';

export type { Exchange, Phrases } from './phrases.ts';
export { answers } from './answers.ts';
export { followUps } from './followUps.ts';
export { steers } from './steers.ts';

/** Short questions that need no tool, with their answers. */
export const general: readonly Exchange[] = [...generalLanguages, ...generalSystems, ...generalEveryday];

/** The wordings of every kind. Those of `general` are its questions; its `held` ones have no stored answer. */
export const phrases: Record<Kind, Phrases> = {
  explain_file: explainFile,
  explain_mention: explainMention,
  explain_topic: explainTopic,
  explain_function: explainFunction,
  find_uses: findUses,
  find_definition: findDefinition,
  find_text: findText,
  find_todos: findTodos,
  list_folder: listFolder,
  list_workspace: listWorkspace,
  find_files: findFiles,
  read_lines: readLines,
  file_value: fileValue,
  constant_value: constantValue,
  project: project,
  run_tests: runTests,
  run_command: runCommand,
  run_script: runScript,
  change_text: changeText,
  change_text_in: changeTextIn,
  change_constant: changeConstant,
  set_value: setValue,
  add_parameter: addParameter,
  rename: rename,
  create_file: createFile,
  append_line: appendLine,
  remove_line: removeLine,
  git_status: gitStatus,
  git_diff: gitDiff,
  git_log: gitLog,
  git_branch: gitBranch,
  greeting: greeting,
  thanks: thanks,
  bye: bye,
  who: who,
  abilities: abilities,
  general: { taught: general.map(({ question }) => question), held: generalHeld },
  judge: judge,
  too_big: tooBig,
};
