import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

/**
 * Builds the console into apps/console/dist when what it is made of has changed since the last build; `--force` builds in
 * any case. Every text file of it gets a `.br` and a `.gz` beside it, which the server sends to browsers that take them.
 */
const root = join(import.meta.dirname, '..');
const dist = join(root, 'apps/console/dist');
const marker = join(dist, '.built-from');

const SOURCES = [
  'apps/console/{src,public}/**/*',
  'apps/console/*.{html,ts,cjs,json}',
  'packages/{core,contracts,sdk}/{src/**/*.ts,package.json}',
  'package-lock.json',
];

/** What the console is built from, as one hash. */
function sourcesHash(): string {
  const hash = createHash('sha256');
  const files = globSync(SOURCES, { cwd: root, withFileTypes: true }).filter((entry) => entry.isFile());
  for (const path of files.map((entry) => join(entry.parentPath, entry.name)).sort()) {
    if (!path.endsWith('.test.ts')) hash.update(path.slice(root.length)).update(readFileSync(path));
  }
  return hash.digest('hex');
}

function compress(): void {
  for (const path of globSync('**/*.{js,css,html,svg}', { cwd: dist })) {
    const text = readFileSync(join(dist, path));
    // The page itself is filled in for each answer.
    if (path === 'index.html' || text.length < 1_000) continue;
    writeFileSync(join(dist, `${path}.gz`), gzipSync(text, { level: 9 }));
    const params = { [constants.BROTLI_PARAM_QUALITY]: 11 };
    writeFileSync(join(dist, `${path}.br`), brotliCompressSync(text, { params }));
  }
}

function build(): boolean {
  const vite = join(root, 'node_modules/vite/bin/vite.js');
  const args = [vite, 'build', join(root, 'apps/console'), '--logLevel', 'error'];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
  if (status === 0) return true;
  process.stderr.write(`counterpoint: the console could not be built\n${stdout}${stderr}\n`);
  return false;
}

const hash = sourcesHash();
const current = existsSync(marker) && readFileSync(marker, 'utf8') === hash;
if (!current || process.argv.includes('--force')) {
  process.stderr.write('counterpoint: building the console; this takes some seconds …\n');
  if (build()) {
    compress();
    writeFileSync(marker, hash);
  } else {
    process.exitCode = 1;
  }
}
