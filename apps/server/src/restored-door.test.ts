import type { ActionRequest, Door } from '@counterpoint/actions';
import { createMemoryStore } from '@counterpoint/testing';
import { describe, expect, it } from 'vitest';
import type { Frost } from './frozen.ts';
import { createRestoredDoor } from './restored-door.ts';

describe('the door of a restored installation', () => {
  it('lets nothing pass while that is frozen, whoever asks, and everything new once it is released', async () => {
    const passed: string[] = [];
    const inner = {
      admit: async () => {
        passed.push('admit');
        return { kind: 'settled' };
      },
      perform: async () => {
        passed.push('perform');
        return { status: 'succeeded' };
      },
    } as unknown as Door;
    let frozen: ReturnType<Frost['frozen']> = { restored_at: 1, backup_at: 1 } as ReturnType<Frost['frozen']>;
    const door = createRestoredDoor(inner, createMemoryStore(), { frozen: () => frozen, released: () => undefined });
    const request = {} as ActionRequest;
    const { signal } = new AbortController();
    await expect(door.admit(request)).rejects.toMatchObject({ code: 'server.frozen' });
    await expect(door.perform(request, signal)).rejects.toMatchObject({ code: 'server.frozen' });
    expect(passed).toEqual([]);
    frozen = undefined;
    await door.admit(request);
    await door.perform(request, signal);
    expect(passed).toEqual(['admit', 'perform']);
  });
});
