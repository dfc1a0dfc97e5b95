import { Checkbox, Radio, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { client } from '../../../app/client.ts';
import { useGo } from '../../../ui/app-link.tsx';
import { Confirm } from '../../../ui/confirm.tsx';
import { showDone, showError } from '../../../ui/notices.tsx';
import { type Happened, HappenedChoice } from '../../effects/happened-choice.tsx';
import type { RunView, StepView } from '../run/run-view.ts';
import { readRunAgain } from '../run/use-run.ts';
import { editable, readObject, sameJson } from './json-object.ts';
import { ObjectInput } from './object-input.tsx';

/** What somebody is about to do with a step. */
export type StepWish = 'retry' | 'skip' | 'resolve' | 'retry_from';

interface DialogProps {
  readonly run: RunView;
  readonly step: StepView;
  readonly onClose: () => void;
}

/** Does it, says so, and reads the run again; what went wrong is shown and keeps the dialog open. */
async function perform(act: () => Promise<unknown>, done: string): Promise<void> {
  try {
    await act();
  } catch (error) {
    showError(error);
    throw error;
  }
  showDone(done);
  await readRunAgain();
}

/** Has an open step run anew, or takes an ended run up from a step: with the same arguments, or with edited ones. */
export function RetryDialog({ run, step, onClose, from }: DialogProps & { readonly from: boolean }) {
  const go = useGo();
  const before = step.input;
  const canEdit = step.kind === 'action' || step.kind === 'call' || step.kind === 'step';
  const [edit, setEdit] = useState(false);
  const [text, setText] = useState(() => editable(before));
  const [twice, setTwice] = useState(false);
  const unknown = step.status === 'unknown';
  const newer = from && run.current !== '' && run.current !== run.version;
  const [current, setCurrent] = useState(true);
  const edited = edit ? readObject(text).value : undefined;
  const act = async (reason: string) => {
    const input = edited && !sameJson(edited, before) ? { input: edited as never } : {};
    const { address } = step;
    if (from) {
      await perform(async () => {
        const { run: next } = await client.retryRunFrom({
          id: run.id,
          body: { address, reason, ...input, ...(newer && current ? { version: run.current } : {}) },
        });
        go(`/runs/${next}`);
      }, 'A new run goes on from here');
    } else {
      const body = { address, reason, ...input, even_if_unknown: unknown && twice };
      await perform(() => client.retryStep({ id: run.id, body }), 'The step runs anew');
    }
  };
  return (
    <Confirm
      opened
      onClose={onClose}
      title={from ? 'Take the run up from here?' : 'Run this step anew?'}
      verb={from ? 'Take up' : 'Run anew'}
      reason="required"
      ready={(!edit || edited !== undefined) && (from || !unknown || twice)}
      onConfirm={act}
    >
      <Stack gap="sm">
        <Text size="sm">
          {from
            ? 'A new run begins that has what came before, and goes on from this step. This run stays as it is.'
            : 'It begins again under a new idempotency key, with its attempts counted from the start.'}
        </Text>
        {newer && (
          <Radio.Group
            label="In which version"
            value={current ? 'current' : 'same'}
            onChange={(value) => setCurrent(value === 'current')}
          >
            <Stack gap={4} mt={4}>
              <Radio value="current" label="The current version, as it is published now" />
              <Radio value="same" label={`Version ${run.number ?? 'that is gone'}, which this run followed`} />
            </Stack>
          </Radio.Group>
        )}
        {canEdit && (
          <Checkbox
            label="Edit what it is given"
            checked={edit}
            onChange={(event) => setEdit(event.currentTarget.checked)}
          />
        )}
        {edit && <ObjectInput label="Arguments" text={text} onChange={setText} />}
        {!from && unknown && (
          <Checkbox
            label="Although nobody knows whether it happened: it may then happen twice"
            checked={twice}
            onChange={(event) => setTwice(event.currentTarget.checked)}
          />
        )}
      </Stack>
    </Confirm>
  );
}

/** Leaves an open step out, if wanted with an output that stands for what it would have given. */
export function SkipDialog({ run, step, onClose }: DialogProps) {
  const [withOutput, setWithOutput] = useState(false);
  const [text, setText] = useState('{}');
  const output = withOutput ? readObject(text).value : undefined;
  const act = async (reason: string) => {
    const stands = output ? { output: output as never } : {};
    await perform(
      () => client.skipStep({ id: run.id, body: { address: step.address, reason, ...stands } }),
      'The step is skipped',
    );
  };
  return (
    <Confirm
      opened
      onClose={onClose}
      title="Skip this step?"
      verb="Skip"
      reason="required"
      ready={!withOutput || output !== undefined}
      onConfirm={act}
    >
      <Stack gap="sm">
        <Text size="sm">
          The run goes on behind it.{step.rounds ? ' Everything that is open inside the loop ends.' : ''} What it may
          have done already stays.
        </Text>
        <Checkbox
          label="Give an output in its place"
          checked={withOutput}
          onChange={(event) => setWithOutput(event.currentTarget.checked)}
        />
        {withOutput && (
          <ObjectInput label="Output" description="Steps behind it see this" text={text} onChange={setText} />
        )}
      </Stack>
    </Confirm>
  );
}

/** Says what became of a step of which nobody knows whether it happened. */
export function ResolveDialog({ run, step, onClose }: DialogProps) {
  const [happened, setHappened] = useState<Happened>('');
  const [text, setText] = useState('{}');
  const output = happened === 'yes' ? readObject(text).value : undefined;
  const act = async (reason: string) => {
    const gave = output ? { output: output as never } : {};
    const body = { address: step.address, happened: happened === 'yes', reason, ...gave };
    await perform(() => client.resolveStep({ id: run.id, body }), 'The run goes on');
  };
  return (
    <Confirm
      opened
      onClose={onClose}
      title="Did it happen?"
      verb="Say so"
      reason="required"
      asks="What you saw"
      ready={happened === 'no' || output !== undefined}
      onConfirm={act}
    >
      <Stack gap="sm">
        <Text size="sm">
          Look at the product first. The run goes on with what you say, and does it again only when it did not happen.
        </Text>
        <HappenedChoice value={happened} onChange={setHappened} />
        {happened === 'yes' && (
          <ObjectInput label="What it gave" description="Steps behind it see this" text={text} onChange={setText} />
        )}
      </Stack>
    </Confirm>
  );
}
