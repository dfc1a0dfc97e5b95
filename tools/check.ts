import { spawn } from 'node:child_process';
import { join } from 'node:path';

/** One part of the fast local gate: a name and the command that must exit 0. */
interface Part {
  readonly name: string;
  readonly args: readonly string[];
}

const root = join(import.meta.dirname, '..');
const bin = (name: string) => join(root, 'node_modules', name);

const parts: readonly Part[] = [
  { name: 'format and lint', args: [bin('@biomejs/biome/bin/biome'), 'check', '--error-on-warnings', root] },
  { name: 'types', args: [bin('typescript/bin/tsc'), '-p', root] },
  { name: 'types of the console', args: [bin('typescript/bin/tsc'), '-p', join(root, 'apps/console')] },
  { name: 'layers', args: [join(root, 'tools/layer-check.ts')] },
  { name: 'unused code', args: [bin('knip/bin/knip.js')] },
  { name: 'generated files', args: [join(root, 'tools/generate.ts'), '--check'] },
  { name: 'connectors', args: [join(root, 'tools/connector-lint.ts')] },
  { name: 'unit tests', args: [bin('vitest/vitest.mjs'), 'run', '--exclude', 'e2e/**', '--reporter=dot'] },
];

function run(part: Part): Promise<boolean> {
  const started = Date.now();
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    const child = spawn(process.execPath, part.args, { cwd: root });
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.on('close', (code) => {
      const seconds = ((Date.now() - started) / 1000).toFixed(1);
      process.stdout.write(`${code === 0 ? 'ok  ' : 'FAIL'} ${part.name} (${seconds} s)\n`);
      if (code !== 0) process.stdout.write(`${Buffer.concat(chunks).toString()}\n`);
      resolve(code === 0);
    });
  });
}

const chosen = process.argv.includes('--without-tests') ? parts.filter((part) => part.name !== 'unit tests') : parts;

let failed = 0;
for (const part of chosen) if (!(await run(part))) failed += 1;
process.stdout.write(
  failed === 0 ? 'check: everything is in order\n' : `check: ${failed} of ${chosen.length} parts failed\n`,
);
process.exitCode = failed === 0 ? 0 : 1;
