import { resolve } from 'node:path';
import type { Config, RunningEdge, RunningServer, StartStage } from '@counterpoint/server';
import type { Command } from 'commander';
import pc from 'picocolors';
import { globalOptions } from '../context.ts';
import { collect, configOf, type ServerOptions } from '../server-options.ts';
import { line } from '../terminal.ts';

const STAGES: Readonly<Record<StartStage, string>> = {
  store: 'store and vault are open',
  content: 'content is read',
  lab: 'the lab is up',
  playbooks: 'playbooks are published',
  listening: 'listening',
};

type Role = Exclude<Config['server.roles'], 'edge'>;

function tryIt(server: RunningServer, place: string, role: Role): string[] {
  const data = pc.dim(`data in ${place}`);
  if (role === 'worker') return [data, pc.dim('it runs playbooks, and answers only /healthz, /readyz and /metrics')];
  const wazuh = server.newSources.find(({ id }) => id === 'wazuh');
  const url = server.url === 'http://127.0.0.1:7300' ? '' : ` --url ${server.url}`;
  const lines: string[] = [];
  if (server.setupCode) lines.push(`npm run counterpoint -- setup ${server.setupCode}${url}`);
  if (wazuh) {
    lines.push(
      `curl -sS ${server.url}/hooks/wazuh -H 'authorization: Bearer ${wazuh.token}' -H 'content-type: application/json' --data @content/stories/brute_force.json`,
      `npm run counterpoint -- trace 203.0.113.66${url}`,
      `npm run counterpoint -- effects${url}`,
    );
  } else {
    lines.push(`npm run counterpoint -- status${url}`, 'npm run demo -- brute-force');
  }
  const heading = server.setupCode ? 'Or from the command line' : 'From the command line';
  return [data, '', pc.bold(heading), ...lines.map((text) => `  ${text}`)];
}

/** Where a browser on this machine opens a server that listens everywhere: browsers keep the cookie only for names of their own machine. */
function browserUrl(url: string): string {
  return url.replace('//0.0.0.0:', '//localhost:').replace('//[::]:', '//localhost:');
}

/** The code goes behind the `#`, so that it is in no log and no Referer. */
function welcomeLink(url: string, code: string): string {
  return `${browserUrl(url)}/welcome#code=${code}`;
}

function announce(server: RunningServer, place: string, role: Role, took: number): void {
  line();
  line(
    `${pc.green('●')} ${pc.bold('Counterpoint')} is ready at ${pc.cyan(server.url)} ${pc.dim(`(${(took / 1000).toFixed(1)} s)`)}`,
  );
  if (server.lab)
    line(pc.magenta('  The lab is on: its connections lead to simulators, and what they do is marked as simulated.'));
  if (server.setupCode) {
    line();
    line(`  ${pc.bold('Open this link to begin')} ${pc.dim('(24 h, one use)')}`);
    line(`  ${pc.bold(pc.yellow(welcomeLink(server.url, server.setupCode)))}`);
  } else if (role !== 'worker') line(`  Console: ${pc.cyan(browserUrl(server.url))}`);
  for (const text of tryIt(server, place, role)) line(text === '' ? '' : `  ${text}`);
  line();
  line(pc.dim('  Ctrl-C stops it.'));
}

function stopOnSignal(server: Pick<RunningServer, 'stop'>): void {
  let stopping = false;
  const stop = async (signal: NodeJS.Signals) => {
    if (stopping) process.exit(130);
    stopping = true;
    process.stderr.write(`${signal}: stopping …\n`);
    await server.stop();
    process.exit(0);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void stop(signal));
}

function announceEdge({ url, node, site, centre, fingerprint, centreFingerprint }: RunningEdge, place: string): void {
  line();
  line(
    `${pc.green('●')} The edge node ${pc.bold(node)} of the site ${pc.bold(site)} is up; its centre is ${pc.cyan(centre)}`,
  );
  line(`  this node's key     ${fingerprint}`);
  line(`  the centre's key    ${centreFingerprint} ${pc.dim('(compare both with `counterpoint edge` there)')}`);
  line(pc.dim(`  data in ${place}; participants of the site join at ${url}`));
  line(pc.dim('  It reacts with its centre or without. Ctrl-C stops it.'));
}

async function startAtSite(config: Config, json: boolean): Promise<void> {
  const { startEdge } = await import('@counterpoint/server');
  const edge = await startEdge(config);
  stopOnSignal(edge);
  if (!json) return announceEdge(edge, resolve(config.data_dir));
  const { url, node, site, centre, fingerprint, centreFingerprint } = edge;
  line(JSON.stringify({ ready: true, url, node, site, centre, fingerprint, centreFingerprint, pid: process.pid }));
}

/** `counterpoint start`: runs the server in this process. */
export function addStart(program: Command): void {
  program
    .command('start')
    .description('run the server')
    .option('--config <file>', 'configuration file (COUNTERPOINT_CONFIG), default counterpoint.yaml')
    .option('--port <port>', 'port to listen on; 0 takes any free one')
    .option('--data-dir <folder>', 'where everything that lasts is kept')
    .option('--role <role>', 'what this process does: all, api, worker (several processes need PostgreSQL), or edge')
    .option('--join <url>', 'with --role edge: address of the centre')
    .option('--token <token>', 'with --role edge: the one-time token that it joins with; only for the first start')
    .option('--ca <file>', 'with --role edge: certificates (PEM) to believe for the centre')
    .option('--set <name=value>', 'any other setting; may be repeated', collect)
    .addHelpText('after', '\nExamples:\n  counterpoint start\n  counterpoint start --port 8080 --set lab.enabled=false')
    .action(async (options: ServerOptions, command: Command) => {
      const began = Date.now();
      const { json } = globalOptions(command);
      const { config } = configOf(options);
      if (!json) line(pc.dim('Counterpoint is starting …'));
      const role = config['server.roles'];
      if (role === 'edge') return startAtSite(config, Boolean(json));
      const { startServer } = await import('@counterpoint/server');
      const server = await startServer(config, (stage) => {
        if (!json) line(`  ${pc.green('✔')} ${STAGES[stage]} ${pc.dim(`${Date.now() - began} ms`)}`);
      });
      stopOnSignal(server);
      if (json) {
        const { url, setupCode, newSources } = server;
        const link = setupCode === undefined ? null : welcomeLink(url, setupCode);
        line(JSON.stringify({ ready: true, url, setupCode: setupCode ?? null, link, newSources, pid: process.pid }));
      } else {
        const place = config['store.url'] === '' ? resolve(config.data_dir) : 'PostgreSQL';
        announce(server, place, role, Date.now() - began);
      }
    });
}
