import { natsModes } from './nats-modes.ts';

// `node floors/nats-main.ts <mode> <url> <directory> <count>` prints {"seconds": …} and ends.
const [mode = '', url = '', directory = '', count = ''] = process.argv.slice(2);
if (!Object.hasOwn(natsModes, mode)) throw new TypeError(`the mode is one of ${Object.keys(natsModes)}, not "${mode}"`);
const seconds = await natsModes[mode as keyof typeof natsModes]({ url, directory }, Number(count));
process.stdout.write(`${JSON.stringify({ seconds })}\n`);
