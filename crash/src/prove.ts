import { guarantees } from './check/violation.ts';
import { readOptions } from './options.ts';
import { runSuite } from './run-suite.ts';
import { scenarios } from './scenarios/scenarios.ts';
import { type Break, breaks } from './subject/orders.ts';

/** Where each broken guarantee shows, briefly. */
const PROOFS: { readonly [How in Break]: readonly string[] } = {
  'commit-after-effect': ['--scenario', 'enumerated', '--every', '9', '--patience', '15'],
  'no-fence': ['--scenario', 'zombie', '--patience', '30'],
  'timer-in-memory': ['--scenario', 'random', '--kills', '6', '--runs', '150', '--patience', '10'],
  'retry-unknown': ['--scenario', 'random', '--kills', '6', '--runs', '150', '--patience', '20'],
};

const names = scenarios.map(({ name }) => name);
let missed = 0;
let untried = 0;
for (const how of breaks) {
  const options = readOptions(['--break', how, '--seed', '7', ...PROOFS[how], ...process.argv.slice(2)], names);
  const lines: string[] = [];
  const chosen = scenarios.filter(({ name }) => options.scenario.includes(name));
  const results = await runSuite(chosen, options, (line) => lines.push(line));
  const skipped = results.find((result) => result.skipped !== undefined);
  const found = results.flatMap(({ violations }) => violations);
  const caught = [...new Set(found.map(({ guarantee }) => guarantee))].filter((one) => one !== 'suite');
  if (skipped) {
    untried += 1;
    process.stdout.write(`skipped  ${how}: ${skipped.skipped}\n`);
  } else if (caught.length > 0) {
    const by = caught.map((one) => `${one} (${guarantees[one]})`).join('; ');
    process.stdout.write(`caught   ${how}: ${found.length} violations of ${by}\n`);
    process.stdout.write(`         such as: ${found.find(({ guarantee }) => guarantee !== 'suite')?.what}\n`);
  } else {
    missed += 1;
    process.stdout.write(`MISSED   ${how}\n${lines.join('\n')}\n`);
  }
}
const tried =
  untried === 0 ? 'every broken guarantee' : `every broken guarantee but ${untried} that cannot be tried here`;
process.stdout.write(missed === 0 ? `${tried} was noticed\n` : `${missed} went unnoticed\n`);
process.exit(missed === 0 ? 0 : 1);
