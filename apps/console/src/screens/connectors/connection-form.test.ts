import { describe, expect, it } from 'vitest';
import { fieldsOf } from '../../ui/schema-fields.ts';
import {
  configOf,
  draftProblems,
  firstDraft,
  pointsElsewhere,
  type StandingConnection,
  secretsOf,
  secretsToRepeat,
} from './connection-form.ts';

const fields = fieldsOf({
  required: ['base_url', 'api_token'],
  properties: {
    base_url: { type: 'string', format: 'uri' },
    vdom: { type: 'string', default: 'root' },
    api_token: { type: 'string', secret: true, minLength: 8 },
  },
});
const standing: StandingConnection = {
  id: 'wall',
  title: 'Wall',
  config: { base_url: 'https://wall.example', vdom: 'root' },
  network: 'public',
  allowed_hosts: ['wall.example'],
  site: '',
  secrets: ['api_token'],
};

describe('a new connection', () => {
  const draft = { ...firstDraft(fields, 'Wall'), id: 'wall' };

  it('needs its fields, a name and an id', () => {
    expect(Object.keys(draftProblems(fields, { ...draft, title: ' ', id: '7' })).sort()).toEqual([
      'api_token',
      'base_url',
      'id',
      'title',
    ]);
  });

  it('keeps what may be seen apart from what may not', () => {
    const filled = { ...draft, values: { ...draft.values, base_url: 'https://a.example', api_token: 'canary-1' } };
    expect(draftProblems(fields, filled)).toEqual({});
    expect(configOf(fields, filled)).toEqual({ base_url: 'https://a.example', vdom: 'root' });
    expect(secretsOf(fields, filled)).toEqual({ api_token: 'canary-1' });
  });
});

describe('a connection that is changed', () => {
  const draft = firstDraft(fields, '', standing);

  it('begins as it stands, without its secrets, which may stay as they are', () => {
    expect(draft.values).toEqual({ base_url: 'https://wall.example', vdom: 'root' });
    expect(draftProblems(fields, draft, standing.secrets)).toEqual({});
    expect(pointsElsewhere(standing, draft, ['wall.example'])).toBe(false);
  });

  it('keeps hosts that somebody named beyond those of the address', () => {
    expect(draft.hosts).toEqual([]);
    const hosts = ['wall.example', 'cdn.example'];
    expect(firstDraft(fields, '', { ...standing, allowed_hosts: hosts }).hosts).toEqual(hosts);
  });

  it('asks for its secrets again when it points elsewhere', () => {
    expect(pointsElsewhere(standing, draft, ['evil.example'])).toBe(true);
    expect(pointsElsewhere(standing, { ...draft, network: 'private' }, ['wall.example'])).toBe(true);
    expect(pointsElsewhere(standing, { ...draft, site: 'berlin' }, ['wall.example'])).toBe(true);
    expect(secretsToRepeat(fields, standing, draft)).toEqual(['api_token']);
    const entered = { ...draft, values: { ...draft.values, api_token: 'canary-2' } };
    expect(secretsToRepeat(fields, standing, entered)).toEqual([]);
  });
});
