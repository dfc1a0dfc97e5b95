import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomKills } from './scenarios/random-kills.ts';

const folder = mkdtempSync(join(tmpdir(), 'counterpoint-crash-'));
const r = await randomKills.run({
  folder,
  seed: Number(process.argv[2] ?? 1),
  kills: Number(process.argv[3] ?? 5),
  runs: Number(process.argv[4] ?? 100),
  break: process.argv[5] as never,
  every: 1,
  say: (l) => process.stdout.write(l + '\n'),
});
process.stdout.write(
  folder +
    '\n' +
    JSON.stringify({ ...r, violations: r.violations.slice(0, 20), n: r.violations.length }, null, 1) +
    '\n',
);
