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
import { type Exchange, parted, type Parted } from './phrases.ts';
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

export type { Exchange } from './phrases.ts';
export { answers } from './answers.ts';
export { followUps } from './followUps.ts';
export { steers } from './steers.ts';

/** Short questions that need no tool, with their answers. */
export const general: readonly Exchange[] = [...generalLanguages, ...generalSystems, ...generalEveryday];

/** The wordings of every kind. Those of `general` are its questions; its `held` ones have no stored answer. */
export const phrases: Record<Kind, Parted> = {
  explain_file: parted(explainFile),
  explain_mention: parted(explainMention),
  explain_topic: parted(explainTopic),
  explain_function: parted(explainFunction),
  find_uses: parted(findUses),
  find_definition: parted(findDefinition),
  find_text: parted(findText),
  find_todos: parted(findTodos),
  list_folder: parted(listFolder),
  list_workspace: parted(listWorkspace),
  find_files: parted(findFiles),
  read_lines: parted(readLines),
  file_value: parted(fileValue),
  constant_value: parted(constantValue),
  project: parted(project),
  run_tests: parted(runTests),
  run_command: parted(runCommand),
  run_script: parted(runScript),
  change_text: parted(changeText),
  change_text_in: parted(changeTextIn),
  change_constant: parted(changeConstant),
  set_value: parted(setValue),
  add_parameter: parted(addParameter),
  rename: parted(rename),
  create_file: parted(createFile),
  append_line: parted(appendLine),
  remove_line: parted(removeLine),
  git_status: parted(gitStatus),
  git_diff: parted(gitDiff),
  git_log: parted(gitLog),
  git_branch: parted(gitBranch),
  greeting: parted(greeting),
  thanks: parted(thanks),
  bye: parted(bye),
  who: parted(who),
  abilities: parted(abilities),
  general: { taught: general.map(({ question }) => question), held: generalHeld },
  judge: parted(judge),
  too_big: parted(tooBig),
};
