import { createMemoryStore } from '@counterpoint/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { createEventCheck } from '../playbooks/event-check.ts';
import { createRig, playbookText, type Rig } from '../testing/rig.ts';

const child = (
  id: string,
  steps: string,
  head = `inputs: { n: { type: integer } }\noutputs: { twice: "\${{ inputs.n * 2 }}" }`,
) => playbookText(steps, head).replace('id: p', `id: ${id}`);

let rig: Rig;
beforeEach(async () => {
  rig = await createRig(createMemoryStore());
});
const runOf = async (playbook: string) => (await rig.store.find('runs', { where: { playbook } }))[0];

describe('call', () => {
  it('runs another playbook as a run of its own, and gives its outputs', async () => {
    await rig.publish(child('c', '  - { id: x, action: fake.block }'));
    await rig.publish(
      playbookText('  - { id: sub, call: c, with: { n: 21 } }', `outputs: { out: "\${{ steps.sub.twice }}" }`),
    );
    const run = await rig.run();
    await rig.settle();
    expect(rig.finished.map(({ playbook, outputs }) => [playbook, outputs])).toEqual([
      ['c', { twice: 42 }],
      ['p', { out: 42 }],
    ]);
    expect(await runOf('c')).toMatchObject({
      parent: `run:${run}/sub`,
      trigger_kind: 'call',
      principal: 'playbook:c',
      cause: `run:${run}/sub`,
      trace: 'a'.repeat(32),
      inputs: { n: 21 },
    });
  });

  it('fails with the reason of the called run, of a missing playbook, and of wrong inputs', async () => {
    await rig.publish(child('c', '  - { id: x, fail: no luck }'));
    for (const [step, code, words] of [
      ['{ id: sub, call: c, with: { n: 1 } }', 'engine.call_failed', 'no luck'],
      ['{ id: sub, call: gone }', 'engine.playbook_unknown', 'gone'],
      ['{ id: sub, call: c, with: { n: text } }', 'engine.inputs_invalid', 'integer'],
    ] as const) {
      await rig.publish(playbookText(`  - ${step}`));
      await rig.run();
      await rig.settle();
      expect(rig.finished.at(-1)).toMatchObject({ playbook: 'p', status: 'failed', error: { code, step: 'sub' } });
      expect(rig.finished.at(-1)?.error?.message).toContain(words);
    }
  });

  it('does not wait for a detached run', async () => {
    const slow = await createRig(createMemoryStore(), { product: { behave: () => new Promise(() => undefined) } });
    await slow.publish(child('c', '  - { id: x, action: fake.read_slow }'));
    await slow.publish(
      playbookText(
        '  - { id: sub, call: c, with: { n: 1 }, detach: true }',
        `outputs: { run: "\${{ steps.sub.run }}" }`,
      ),
    );
    await slow.run();
    await slow.settle();
    const [called] = await slow.store.find('runs', { where: { playbook: 'c' } });
    expect(slow.finished).toMatchObject([{ playbook: 'p', outputs: { run: called?.id } }]);
    expect(called?.status).toBe('running');
  });

  it('stops a cycle of calls, which the checker cannot see over separate versions', async () => {
    await rig.publish(playbookText('  - { id: again, call: p }'));
    await rig.run();
    await rig.settle(0, 40);
    expect(await rig.store.count('runs')).toBe(21);
    expect(rig.finished[0]?.error).toMatchObject({ code: 'engine.call_too_deep' });
    expect(rig.finished).toHaveLength(21);
  });
});

describe('publish', () => {
  it('puts the event in the outbox together with the fact, one hop further on the same trace', async () => {
    await rig.publish(
      playbookText(
        `  - { id: tell, publish: control.done.v1, subject: "\${{ run.id }}", data: { n: 1 } }`,
        `outputs: { e: "\${{ steps.tell.event }}" }`,
      ),
    );
    const run = await rig.run();
    const [row] = await rig.store.find('outbox', {});
    expect(row).toMatchObject({
      topic: 'control.done.v1',
      subject: run,
      trace: 'a'.repeat(32),
      cause: `run:${run}/tell`,
    });
    expect(row?.envelope).toMatchObject({ data: { n: 1 }, hop: 1, principal: 'playbook:p' });
    expect(rig.finished).toMatchObject([{ outputs: { e: row?.id } }]);
  });

  it.each([
    ['an undeclared topic', 'control.don.v1', '{ n: 1 }', 'events.topic_unknown'],
    ['data that does not match', 'control.done.v1', '{ n: one }', 'events.data_invalid'],
  ])('refuses %s', async (_what, topic, data, code) => {
    const schema = { type: 'object', properties: { n: { type: 'integer' } } };
    const declared = { topic: 'control.done.v1', title: 'Done', open: false, schema };
    const strict = await createRig(createMemoryStore(), {
      checkEvent: createEventCheck(new Map([[declared.topic, declared]])),
    });
    await strict.publish(playbookText(`  - { id: tell, publish: ${topic}, data: ${data} }`));
    await strict.run();
    expect(strict.finished).toMatchObject([{ status: 'failed', error: { code } }]);
    expect(await strict.store.count('outbox')).toBe(0);
  });
});

describe('a named connection', () => {
  it('that is gone is named in the error of the step', async () => {
    const text = playbookText('  - { id: x, action: fake.block }');
    await rig.publish(text.replace(/^uses: .*$/m, 'uses: { fake: { connection: soc_fw } }'));
    await rig.run();
    expect(rig.finished).toMatchObject([{ status: 'failed', error: { code: 'engine.connection_gone' } }]);
    expect(rig.finished[0]?.error?.message).toContain('soc_fw');
  });
});

describe('undo', () => {
  const of = () => rig.door.released.map((request) => request.of);

  it('releases the effects of a step, of everything in a block, and of its own round in a loop', async () => {
    await rig.publish(
      playbookText(`  - { id: one, action: fake.block }
  - id: both
    parallel: { a: [{ id: left, action: fake.block }], b: [{ id: right, action: fake.block }] }
  - id: each
    foreach: "[1, 2]"
    as: n
    do:
      - { id: tag, action: fake.tag }
      - { id: untag, if: n == 2, undo: tag }
  - { id: u1, undo: one }
  - { id: u2, undo: both }
  - { id: u3, undo: each }`),
    );
    const run = await rig.run();
    await rig.settle(0, 4);
    expect(rig.finished).toMatchObject([{ status: 'succeeded' }]);
    const step = (name: string) => ({ kind: 'step', run, step: name });
    expect(of()).toEqual(['each[1].tag', 'one', 'left', 'right', 'tag'].map(step));
  });

  it('releases what the runs did that a step called', async () => {
    await rig.publish(child('c', '  - { id: x, action: fake.block }'));
    await rig.publish(
      playbookText(
        '  - { id: sub, call: c, with: { n: 1 } }\n  - { id: back, undo: sub }',
        `outputs: { n: "\${{ steps.back.undone }}" }`,
      ),
    );
    await rig.run();
    await rig.settle(0, 3);
    expect(of()).toEqual([{ kind: 'run', run: (await runOf('c'))?.id }]);
    expect(rig.finished.at(-1)).toMatchObject({ playbook: 'p', outputs: { n: 1 } });
  });
});
