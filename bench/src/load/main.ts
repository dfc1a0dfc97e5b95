import { text } from 'node:stream/consumers';
import { generateLoad } from './generate.ts';
import type { LoadJob } from './job.ts';

// A process of its own, so that making load takes nothing from the program that is measured but a processor core.
const job = JSON.parse(await text(process.stdin)) as LoadJob;
process.stdout.write(JSON.stringify(await generateLoad(job)));
