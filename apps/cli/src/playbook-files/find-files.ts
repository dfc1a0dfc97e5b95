import { globSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { readText } from '../read-input.ts';

/** A file that was found. */
export interface FoundFile {
  /** As given, or under the folder as given. */
  readonly file: string;
  readonly text: string;
  /** Named by itself, and not found in a folder. */
  readonly named: boolean;
}

const IGNORED = /(^|\/)(node_modules|\.git|fixtures)(\/|$)/;

/**
 * The files that arguments name: files as they are, folders searched for `patterns`. In the order of the arguments, each
 * once.
 *
 * @throws cli.file_unreadable
 */
export function findFiles(paths: readonly string[], patterns: readonly string[]): readonly FoundFile[] {
  const found = new Map<string, FoundFile>();
  for (const path of paths) {
    if (!isFolder(path)) found.set(path, { file: path, text: readText(path), named: true });
    else {
      const inside = globSync([...patterns], { cwd: path }).filter((file) => !IGNORED.test(file));
      for (const name of inside.sort()) {
        const file = join(path, name);
        if (!found.has(file)) found.set(file, { file, text: readText(file), named: false });
      }
    }
  }
  return [...found.values()];
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
