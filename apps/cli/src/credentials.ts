import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

function credentialsFile(env: NodeJS.ProcessEnv): string {
  return join(env.XDG_CONFIG_HOME || join(homedir(), '.config'), 'counterpoint', 'credentials.json');
}

function readAll(path: string): Record<string, string> {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return {};
  }
}

/** The token kept for a server by `counterpoint setup` or `counterpoint login`. */
export function readToken(url: string, env: NodeJS.ProcessEnv): string | undefined {
  return readAll(credentialsFile(env))[new URL(url).origin];
}

/** Keeps a token for a server, readable by this user only. Gives the file's path. */
export function saveToken(url: string, token: string, env: NodeJS.ProcessEnv): string {
  const path = credentialsFile(env);
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const all = { ...readAll(path), [new URL(url).origin]: token };
  writeFileSync(path, `${JSON.stringify(all, null, 2)}\n`, { mode: 0o600 });
  return path;
}
