import { environmentName } from '../../apps/server/src/config/load.ts';
import { type Setting, settings } from '../../apps/server/src/config/settings.ts';
import { GENERATED, table } from './markdown.ts';

/** The reference page of the configuration. */
export async function configurationPage(): Promise<string> {
  const rows = Object.entries<Setting>(settings).map(([name, setting]) => [
    `\`${name}\``,
    `\`${environmentName(name)}\``,
    setting.default === '' ? '' : `\`${setting.default}\``,
    setting.secret
      ? `${setting.description}. Secret: \`${environmentName(name)}_FILE\` names a file with it`
      : setting.description,
  ]);
  return `${GENERATED}
# Configuration

A setting is taken from the first place that has it: a flag (\`--set server.port=8080\`), the environment, the file
\`counterpoint.yaml\` in the working directory (or the one named by \`--config\`), the default. Unknown names stop the
start with the nearest known one. \`counterpoint config explain\` shows every value and where it came from.

\`\`\`yaml
# counterpoint.yaml
server:
  port: 8080
lab:
  enabled: false
\`\`\`

${table(['setting', 'environment', 'default', 'meaning'], rows)}
`;
}
