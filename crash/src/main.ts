import { readOptions } from './options.ts';
import { runSuite } from './run-suite.ts';
import { scenarios } from './scenarios/scenarios.ts';

const options = readOptions(
  process.argv.slice(2),
  scenarios.map(({ name }) => name),
);
const chosen = scenarios.filter(({ name }) => options.scenario.length === 0 || options.scenario.includes(name));
const results = await runSuite(chosen, options, (line) => process.stdout.write(`${line}\n`));
process.exit(results.some(({ violations }) => violations.length > 0) ? 1 : 0);
