import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  classesOf,
  factWords,
  filterCatalogue,
  type Grade,
  idFrom,
  type Listed,
  letterMark,
  nextGrade,
} from './words.ts';

function listed(id: string, patch: Partial<Listed> = {}): Listed {
  return {
    id,
    title: id,
    vendor: 'Somebody',
    description: 'A product',
    version: '1.0.0',
    builtin: false,
    kind: 'product',
    grade: { letter: 'B', facts: [] },
    capabilities: [],
    actions: [{ name: 'look_up', title: 'Look up', effect: 'read' }],
    connections: { total: 0, enabled: 0, failing: 0 },
    ...patch,
  };
}

const wall = listed('wall', {
  title: 'Wall',
  vendor: 'Brick Inc',
  capabilities: ['block_ip'],
  actions: [
    { name: 'ban_ip', title: 'Ban an address', effect: 'contain' },
    { name: 'list', title: 'List', effect: 'read' },
  ],
  connections: { total: 1, enabled: 1, failing: 0 },
});
const chat = listed('chat', { grade: null, actions: [{ name: 'say', title: 'Say it', effect: 'notify' }] });
const all = [chat, wall];
const found = (filter: Parameters<typeof filterCatalogue>[1]) => filterCatalogue(all, filter).map(({ id }) => id);

describe('the catalogue', () => {
  it('shows what is connected first', () => expect(found({})).toEqual(['wall', 'chat']));

  it.each(['wall', 'BRICK', 'block ip', 'block_ip', 'ban', 'ban address'])('finds a connector by %j', (q) => {
    expect(found({ q })).toEqual(['wall']);
  });

  it('asks for every word', () => expect(found({ q: 'ban chat' })).toEqual([]));

  it('narrows to a capability, a class, a grade, and what is connected', () => {
    expect(found({ capability: 'block_ip' })).toEqual(['wall']);
    expect(found({ effect: 'notify' })).toEqual(['chat']);
    expect(found({ grade: 'none' })).toEqual(['chat']);
    expect(found({ connected: 'no' })).toEqual(['chat']);
    expect(found({ connected: 'yes' })).toEqual(['wall']);
  });

  it('names classes from harmless to final', () => expect(classesOf(wall.actions)).toEqual(['read', 'contain']));
});

describe('the mark of a connector', () => {
  it.each([
    ['AbuseIPDB', 'AI'],
    ['FortiGate', 'FG'],
    ['Slack', 'SL'],
    ['Any HTTP API', 'AH'],
    ['', '?'],
    ['<b>', 'B'],
  ])('of %j is %s', (title, mark) => expect(letterMark(title)).toBe(mark));
});

describe('an id made of a title', () => {
  it('is readable and free', () => {
    expect(idFrom('Perimeter firewall', [])).toBe('perimeter_firewall');
    expect(idFrom('Perimeter firewall', ['perimeter_firewall'])).toBe('perimeter_firewall_2');
    expect(idFrom('Größe №7', [])).toBe('gro_e_no7');
    expect(idFrom('42', [])).toBe('connection');
  });

  it('is always one that the server takes', () => {
    fc.assert(fc.property(fc.string(), (title) => /^[a-z][a-z0-9_-]{0,62}$/.test(idFrom(title, []))));
  });
});

describe('the grade above', () => {
  const facts: Grade['facts'] = [
    { fact: 'tested', for: 'C', holds: true },
    { fact: 'undo', for: 'B', holds: false },
    { fact: 'real_product', for: 'A', holds: false },
  ];
  it('asks for what does not hold yet, also of the grades below it', () => {
    expect(nextGrade({ letter: 'C', facts })).toEqual({ letter: 'B', missing: [factWords('undo')] });
    expect(nextGrade({ letter: 'B', facts })?.missing).toHaveLength(2);
    expect(nextGrade({ letter: 'A', facts })).toBeUndefined();
  });
});
