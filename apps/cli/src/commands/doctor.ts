import { existsSync, statfsSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, resolve } from 'node:path';
import { isCounterpointError } from '@counterpoint/core';
import type { Config } from '@counterpoint/server/config';
import type { Command } from 'commander';
import pc from 'picocolors';
import { globalOptions } from '../context.ts';
import { ExitCode } from '../exit-codes.ts';
import { collect, configOf, type ServerOptions } from '../server-options.ts';
import { line, printJson, safe } from '../terminal.ts';

/** One thing that was looked at. */
interface Check {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
}

const ENOUGH_SPACE = 1024 ** 3;

async function attempt(name: string, look: () => Promise<string> | string): Promise<Check> {
  try {
    return { name, ok: true, detail: await look() };
  } catch (error) {
    const detail = isCounterpointError(error) ? `${error.message} ${error.help}` : String(error);
    return { name, ok: false, detail };
  }
}

function freeSpace(folder: string): string {
  let existing = resolve(folder);
  while (!existsSync(existing)) existing = dirname(existing);
  const { bavail, bsize } = statfsSync(existing);
  const gigabytes = (bavail * bsize) / 1024 ** 3;
  if (bavail * bsize < ENOUGH_SPACE)
    throw new Error(`only ${gigabytes.toFixed(1)} GB are free in ${existing}; free some space`);
  return `${gigabytes.toFixed(0)} GB free in ${existing}`;
}

async function portIsFree(host: string, port: number): Promise<string> {
  await new Promise<void>((done, fail) => {
    const probe = createServer().once('error', fail);
    probe.listen(port, host, () => probe.close(() => done()));
  });
  return `${host}:${port} is free`;
}

async function answers(config: Config): Promise<string | undefined> {
  const url = `http://${config['server.host']}:${config['server.port']}`;
  const response = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(2_000) }).catch(() => undefined);
  return response?.ok ? `a server is ready at ${url}` : undefined;
}

async function opens(config: Config): Promise<string> {
  const { openFoundations } = await import('@counterpoint/server');
  const { store, bus } = await openFoundations({ ...config, 'log.level': 'silent' });
  await bus?.close();
  await store.close();
  return `store and vault open with the configured key${bus ? ', and NATS answers' : ''}`;
}

async function checkAll(options: ServerOptions): Promise<Check[]> {
  const checks: Check[] = [
    await attempt('runtime', () => `Node.js ${process.version}`),
    await attempt('configuration', () => `${Object.keys(configOf(options).config).length} settings are valid`),
  ];
  if (!checks.every(({ ok }) => ok)) return checks;
  const { config } = configOf(options);
  checks.push(await attempt('disk', () => freeSpace(config.data_dir)));
  checks.push(
    await attempt('content', async () => {
      const { loadContent } = await import('@counterpoint/server');
      const content = loadContent(config.content_dir || undefined);
      return `${content.playbooks.size} playbooks, ${content.normalizers.size} normalizers, ${content.topics.size} topics`;
    }),
  );
  const running = await answers(config);
  if (running !== undefined) checks.push({ name: 'server', ok: true, detail: running });
  else {
    checks.push(await attempt('port', () => portIsFree(config['server.host'], config['server.port'])));
    if (existsSync(config.data_dir) || config['store.url'] !== '')
      checks.push(await attempt('data', () => opens(config)));
  }
  return checks;
}

/** `counterpoint doctor`: whether this machine and configuration can run the server. */
export function addDoctor(program: Command): void {
  program
    .command('doctor')
    .description('check that this machine and configuration can run the server')
    .option('--config <file>', 'configuration file (COUNTERPOINT_CONFIG), default counterpoint.yaml')
    .option('--data-dir <folder>', 'where everything that lasts is kept')
    .option('--set <name=value>', 'any other setting, as for start', collect)
    .addHelpText('after', '\nExample:\n  counterpoint doctor --set server.port=8080')
    .action(async (options: ServerOptions, command: Command) => {
      const checks = await checkAll(options);
      if (globalOptions(command).json) printJson(checks);
      else
        for (const { name, ok, detail } of checks)
          line(`${ok ? pc.green('✔') : pc.red('✘')} ${name.padEnd(14)} ${safe(detail)}`);
      if (!checks.every(({ ok }) => ok)) process.exitCode = ExitCode.findings;
    });
}
