import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { explainConfig, loadConfig } from './load.ts';

const folder = mkdtempSync(join(tmpdir(), 'config-'));
afterAll(() => rmSync(folder, { recursive: true }));

function load(parts: { flags?: Record<string, string>; env?: Record<string, string>; yaml?: string }) {
  const path = join(folder, 'counterpoint.yaml');
  rmSync(path, { force: true });
  if (parts.yaml !== undefined) writeFileSync(path, parts.yaml);
  return loadConfig({ flags: parts.flags ?? {}, env: parts.env ?? {}, file: { path, named: false } });
}

describe('loadConfig', () => {
  it('takes flag before environment before file before default', () => {
    const yaml = 'server:\n  port: 1\n  host: file.example\nlab: { enabled: false }\n';
    const env = { COUNTERPOINT_SERVER__PORT: '2' };
    expect(load({ flags: { 'server.port': '3' }, env, yaml }).config['server.port']).toBe(3);
    expect(load({ env, yaml }).config['server.port']).toBe(2);
    expect(load({ yaml }).config).toMatchObject({
      'server.port': 1,
      'server.host': 'file.example',
      'lab.enabled': false,
    });
    expect(load({}).config['server.port']).toBe(7300);
  });

  it('names the nearest setting for an unknown one, wherever it stands', () => {
    expect(() => load({ yaml: 'server:\n  prt: 1\n' })).toThrow(/server\.prt.*did you mean server\.port/);
    expect(() => load({ env: { COUNTERPOINT_SERVER__PROT: '1' } })).toThrow(/did you mean server\.port/);
    expect(() => load({ flags: { 'serve.port': '1' } })).toThrow(/did you mean server\.port/);
  });

  it('refuses values of the wrong type with the name and the origin', () => {
    expect(() => load({ yaml: 'server: { port: many }' })).toThrow(/server\.port \(file .*counterpoint\.yaml\)/);
    expect(() => load({ env: { COUNTERPOINT_LAB__ENABLED: 'perhaps' } })).toThrow(/lab\.enabled \(environment/);
  });

  it.each([
    ['server.port', 'many', 'it must be a number'],
    ['server.port', '99999', 'it must be at most 65535'],
    ['server.port', '1.5', 'it must be a whole number'],
    ['session.idle_minutes', '0', 'it must be at least 1'],
    ['data_dir', '', 'it must not be empty'],
    ['lab.enabled', 'yes', 'it must be true or false'],
    ['server.roles', 'boss', 'it must be one of all, api, worker, edge'],
    ['store.url', 'mysql://db', 'it must begin with postgres://, or be empty for SQLite'],
  ])('says what %s must be when it is %j', (name, value, reason) => {
    const said = `The setting ${name} (flag --set ${name}) is not valid: ${reason}.`;
    expect(() => load({ flags: { [name]: value } })).toThrow(said);
  });

  it('refuses damaged YAML, a missing named file and YAML that is no map', () => {
    expect(() => load({ yaml: 'server: [1' })).toThrow(/cannot be read/);
    expect(() => load({ yaml: '- a\n- b\n' })).toThrow(/not a map of settings/);
    expect(() => loadConfig({ flags: {}, env: {}, file: { path: join(folder, 'none.yaml'), named: true } })).toThrow(
      /There is no file/,
    );
  });

  it('reads secrets from files and never explains them', () => {
    const secret = join(folder, 'url');
    writeFileSync(secret, 'postgres://user:hunter2hunter2@db/x\n');
    const loaded = load({ env: { COUNTERPOINT_STORE__URL_FILE: secret } });
    expect(loaded.config['store.url']).toBe('postgres://user:hunter2hunter2@db/x');
    expect(JSON.stringify(explainConfig(loaded))).not.toContain('hunter2');
  });

  it('leaves the variables of the command line client alone', () => {
    expect(() => load({ env: { COUNTERPOINT_URL: 'http://x', COUNTERPOINT_TOKEN: 'y' } })).not.toThrow();
  });
});
