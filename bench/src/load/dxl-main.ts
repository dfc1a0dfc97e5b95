import { readFileSync } from 'node:fs';
import { type DxlClientFiles, runDxlLoad } from './dxl-load.ts';

// `node load/dxl-main.ts <job file>` prints the figures as JSON and ends.
const job = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as {
  readonly port: number;
  readonly register: boolean;
  readonly seconds: number;
  readonly asker: DxlClientFiles;
  readonly answerer: DxlClientFiles;
};
process.stdout.write(`${JSON.stringify(await runDxlLoad(job))}\n`);
process.exit(0);
