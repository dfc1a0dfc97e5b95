import { closeSync, fdatasync, openSync, readFileSync, writeSync } from 'node:fs';
import { promisify } from 'node:util';

const synchronise = promisify(fdatasync);

/** A file of JSON lines in which a line counts only once it is on disk. */
export interface DurableLog<Line> {
  /** Resolves when the line is synchronised to disk; lines that gather meanwhile are synchronised together. */
  append(line: Line): Promise<void>;
  close(): void;
}

/** Opens a log for appending; makes the file when there is none. */
export function openDurableLog<Line>(path: string): DurableLog<Line> {
  const file = openSync(path, 'a', 0o600);
  let waiting: { readonly text: string; readonly done: () => void; readonly failed: (error: unknown) => void }[] = [];
  let writing = false;
  const work = async (): Promise<void> => {
    writing = true;
    while (waiting.length > 0) {
      const group = waiting;
      waiting = [];
      try {
        writeSync(file, group.map(({ text }) => text).join(''));
        await synchronise(file);
        for (const { done } of group) done();
      } catch (error) {
        for (const { failed } of group) failed(error);
      }
    }
    writing = false;
  };
  return {
    append(line) {
      return new Promise((done, failed) => {
        waiting.push({ text: `${JSON.stringify(line)}\n`, done, failed });
        if (!writing) void work();
      });
    },
    close: () => closeSync(file),
  };
}

/** The whole lines of a log; one that was cut off by a crash is not counted. */
export function readDurableLog<Line>(path: string): Line[] {
  const lines = readFileSync(path, 'utf8').split('\n');
  return lines.slice(0, -1).map((line) => JSON.parse(line) as Line);
}
