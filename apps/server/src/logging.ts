import { escapeControl, type Redactor } from '@counterpoint/core';
import { type Logger, pino } from 'pino';
import type { Config } from './config/settings.ts';

export type { Logger };

const NAMES: Readonly<Record<number, string>> = {
  10: 'trace',
  20: 'debug',
  30: 'info',
  40: 'warn',
  50: 'error',
  60: 'fatal',
};

function forPeople(text: string): string {
  const { level, time, msg, pid: _pid, hostname: _host, ...rest } = JSON.parse(text);
  const details = Object.keys(rest).length > 0 ? ` ${JSON.stringify(rest)}` : '';
  return `${new Date(time).toISOString().slice(11, 23)} ${(NAMES[level] ?? 'info').padEnd(5)} ${escapeControl(`${msg}${details}`)}\n`;
}

/**
 * Makes the log of the server: JSON lines on standard error, or short lines when a person is watching. Known secrets
 * are taken out of every line at this one place; control characters and bidirectional overrides from outside arrive escaped.
 */
export function createLogger(level: Config['log.level'], redactor: Redactor): Logger {
  const watching = process.stderr.isTTY === true;
  return pino(
    { level, base: null },
    {
      write(text: string) {
        const clean = redactor.text(text);
        // Escapes of JSON: the line stays the same data.
        process.stderr.write(watching ? forPeople(clean) : `${escapeControl(clean.trimEnd())}\n`);
      },
    },
  );
}
