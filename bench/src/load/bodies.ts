import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type LinesWork, STAMP_HOLE, type SteadyWork } from './job.ts';

/** Gives the next body to send, or undefined when there is none left. */
export type BodySource = () => Buffer | undefined;

/** All bodies of one connection share one buffer, whose hole gets eight random hex digits and eight that count. */
function stampedBodies(work: SteadyWork): BodySource {
  const body = Buffer.from(work.template);
  const hole = body.indexOf(STAMP_HOLE);
  if (hole < 0) throw new TypeError(`the template has no ${STAMP_HOLE}`);
  const half = STAMP_HOLE.length / 2;
  body.write(randomBytes(half / 2).toString('hex'), hole, 'latin1');
  let count = 0;
  return () => {
    body.write((count++).toString(16).padStart(half, '0'), hole + half, 'latin1');
    return body;
  };
}

function lineBodies(work: LinesWork): BodySource {
  const lines = readFileSync(work.file, 'utf8')
    .split('\n')
    .filter((line) => line !== '');
  let next = 0;
  return () => {
    const line = lines[next++];
    return line === undefined ? undefined : Buffer.from(line);
  };
}

/**
 * Gives each connection its source. A body is only good until the connection asks for the next one. Stamped bodies
 * never repeat, on any connection; the lines of a file are shared out, each once.
 */
export function bodiesPerConnection(work: SteadyWork | LinesWork): () => BodySource {
  if (work.kind === 'steady') return () => stampedBodies(work);
  const shared = lineBodies(work);
  return () => shared;
}
