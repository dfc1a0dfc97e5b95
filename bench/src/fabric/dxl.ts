import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { newCertificateRequest } from '@counterpoint/gateways';
import type { Client } from '@counterpoint/sdk';
import type { BenchmarkContext } from '../benchmarks/context.ts';
import type { DxlClientFiles, DxlFigures } from '../load/dxl-load.ts';
import { jsonLineWith, startProgram } from '../program.ts';
import { ratioByRound, type Spread, spread } from '../statistics.ts';
import { startSubject } from '../subject.ts';
import { UNBOUNDED } from './fabric.ts';

const LOAD = join(import.meta.dirname, '../load/dxl-main.ts');
const BARE = join(import.meta.dirname, '../floors/bare-broker.ts');
const run = promisify(execFile);

/** Requests and answers through the OpenDXL gateway against a bare broker. */
export interface DxlResult {
  readonly name: 'dxl';
  readonly rounds: number;
  readonly seconds: number;
  readonly gateway_per_second: Spread;
  readonly bare_per_second: Spread;
  readonly gateway_p50_ms: Spread;
  readonly bare_p50_ms: Spread;
  readonly ratio: Spread;
}

type Mode = 'gateway' | 'bare';

async function load(directory: string, job: object): Promise<DxlFigures> {
  const file = join(directory, 'job.json');
  writeFileSync(file, JSON.stringify(job));
  const { stdout } = await run(process.execPath, [...process.execArgv, LOAD, file], { timeout: 120_000 });
  return JSON.parse(stdout) as DxlFigures;
}

async function enrol(client: Client, directory: string, name: string): Promise<DxlClientFiles> {
  const { key, csr } = await newCertificateRequest(name);
  const { certificate } = await client.issueDxlCertificate({ body: { csr } });
  const files = { key: join(directory, `${name}.key`), cert: join(directory, `${name}.pem`) };
  writeFileSync(files.key, key);
  writeFileSync(files.cert, certificate);
  return files;
}

async function throughGateway(context: BenchmarkContext, directory: string): Promise<DxlFigures> {
  const ports = Array.from({ length: 3 }, () => 20_000 + Math.floor(Math.random() * 20_000));
  const env = {
    ...UNBOUNDED,
    COUNTERPOINT_DXL__MESSAGES_PER_SECOND: '1000000',
    COUNTERPOINT_DXL__ENABLED: 'true',
    COUNTERPOINT_DXL__PORT: String(ports[0]),
    COUNTERPOINT_DXL__WS_PORT: String(ports[1]),
    COUNTERPOINT_DXL__PROVISION_PORT: String(ports[2]),
  };
  const subject = await startSubject({ command: context.command, directory, env });
  try {
    const client = await subject.signIn();
    const asker = await enrol(client, directory, 'asker');
    const answerer = await enrol(client, directory, 'answerer');
    return await load(directory, { port: ports[0], register: true, seconds: context.seconds, asker, answerer });
  } finally {
    await subject.stop();
  }
}

async function throughBare(context: BenchmarkContext, directory: string): Promise<DxlFigures> {
  const [key, cert] = [join(directory, 'key.pem'), join(directory, 'cert.pem')];
  const subject = ['-subj', '/CN=localhost', '-days', '2'];
  await run('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', cert, ...subject]);
  const broker = await startProgram({
    args: [BARE, key, cert],
    readReady: jsonLineWith<{ readonly port: number }>('port'),
  });
  try {
    const files = { key, cert };
    const { port } = broker.ready;
    return await load(directory, { port, register: false, seconds: context.seconds, asker: files, answerer: files });
  } finally {
    await broker.stop();
  }
}

/** Measures one client that asks and one that answers, over the gateway and over aedes alone, in turns. */
export async function measureDxl(context: BenchmarkContext): Promise<DxlResult> {
  const figures: Record<Mode, DxlFigures[]> = { gateway: [], bare: [] };
  for (let round = 1; round <= context.rounds; round += 1) {
    for (const mode of round % 2 === 1 ? (['gateway', 'bare'] as const) : (['bare', 'gateway'] as const)) {
      const measure = mode === 'gateway' ? throughGateway : throughBare;
      const result = await context.workspace.withDirectory('dxl', (directory) => measure(context, directory));
      figures[mode].push(result);
      context.progress(`dxl round ${round} of ${context.rounds}: ${mode}: ${Math.round(result.per_second)} requests/s`);
    }
  }
  const over = (mode: Mode, figure: keyof DxlFigures) => figures[mode].map((one) => one[figure]);
  return {
    name: 'dxl',
    rounds: context.rounds,
    seconds: context.seconds,
    gateway_per_second: spread(over('gateway', 'per_second')),
    bare_per_second: spread(over('bare', 'per_second')),
    gateway_p50_ms: spread(over('gateway', 'p50_ms')),
    bare_p50_ms: spread(over('bare', 'p50_ms')),
    ratio: ratioByRound(over('gateway', 'per_second'), over('bare', 'per_second')),
  };
}
