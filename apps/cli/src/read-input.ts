import { readFileSync } from 'node:fs';
import type { Json } from '@counterpoint/core';
import { errors } from './errors.ts';

/** Reads a text file, or standard input for `-`. @throws cli.file_unreadable */
export function readText(file: string): string {
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch (cause) {
    throw errors.file_unreadable({ file, reason: cause instanceof Error ? cause.message : String(cause) }, { cause });
  }
}

/** Reads a JSON file, or standard input for `-`. @throws cli.file_unreadable, cli.json_invalid */
export function readJson(file: string): Json {
  const text = readText(file);
  try {
    return JSON.parse(text) as Json;
  } catch (cause) {
    throw errors.json_invalid({ file, reason: cause instanceof Error ? cause.message : String(cause) }, { cause });
  }
}

/** Reads `name=value` pairs; a value that is JSON is taken as JSON, anything else as text. @throws cli.input_invalid */
export function readInputs(pairs: readonly string[]): Record<string, Json> {
  return Object.fromEntries(
    pairs.map((text) => {
      const at = text.indexOf('=');
      if (at < 1) throw errors.input_invalid({ text });
      const value = text.slice(at + 1);
      try {
        return [text.slice(0, at), JSON.parse(value) as Json];
      } catch {
        return [text.slice(0, at), value];
      }
    }),
  );
}
