import type { Command } from 'commander';
import { createProgram } from '../../apps/cli/src/program.ts';
import { GENERATED, table } from './markdown.ts';

/** The help of a command is laid out for this width, so that the page does not depend on a terminal. */
const WIDTH = 100;

function path(command: Command): string {
  return command.parent ? `${path(command.parent)} ${command.name()}` : command.name();
}

function everyCommand(command: Command): Command[] {
  return [command, ...command.commands.flatMap(everyCommand)];
}

function helpOf(command: Command): string {
  let text = '';
  command.configureOutput({
    writeOut: (part) => {
      text += part;
    },
    getOutHelpWidth: () => WIDTH,
    getOutHasColors: () => false,
  });
  command.outputHelp();
  return text.trimEnd();
}

/** The reference page of the command line. */
export async function cliPage(): Promise<string> {
  const sections = everyCommand(createProgram()).map(
    (command) => `## ${path(command)}\n\n\`\`\`text\n${helpOf(command)}\n\`\`\``,
  );
  return `${GENERATED}
# Command line

In a clone: \`npm run counterpoint -- <verb>\`; add \`-s\` after \`run\` to leave npm's own lines out. \`--json\` and \`--url\` may
stand before or after the verb. Verbs that ask a server take its address from \`--url\` or \`COUNTERPOINT_URL\`, and the token
from \`COUNTERPOINT_TOKEN\` or from the file that \`counterpoint setup\` or \`counterpoint login\` wrote.

${table(
  ['exit code', 'meaning'],
  [
    ['0', 'it worked'],
    ['1', 'it worked and there is something to look at (findings, a failed run), or it was refused'],
    ['2', 'the command line was wrong'],
    ['3', 'no server answers'],
  ],
)}

${sections.join('\n\n')}
`;
}
