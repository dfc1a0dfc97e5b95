import type { CallResult } from '@counterpoint/sdk';
import { client } from '../../../app/client.ts';
import { refresh } from '../../../app/use-api.ts';
import { showDone, showError } from '../../../ui/notices.tsx';
import { changedText } from './changed-text.ts';
import type { Edit, EditorModel } from './editor-model.ts';

/** A test file as the server lists it. */
export type ListedTest = CallResult<'listPlaybookTests'>['items'][number];

/** The tests that a rename is to follow into. */
export interface Following {
  readonly playbook: string;
  readonly tests: readonly ListedTest[];
}

/** Renames a step in the text, and where wanted in the tests that speak of it; what goes wrong is shown. */
export async function renameStep(model: EditorModel, edit: Edit, follow: Following | undefined): Promise<void> {
  const tests = follow?.tests ?? [];
  try {
    const changed = await model.perform(
      edit,
      tests.map(({ name, source }) => ({ name, source })),
    );
    if (!follow || changed.length === 0) return;
    for (const { name, changes } of changed) {
      const test = tests.find((one) => one.name === name);
      if (!test) continue;
      const body = { source: changedText(test.source, changes), rev: test.rev };
      await client.savePlaybookTest({ id: follow.playbook, name, body });
    }
    showDone(`Its tests follow: ${changed.map(({ name }) => name).join(', ')}`);
    await refresh(['listPlaybookTests']);
  } catch (error) {
    showError(error);
  }
}
