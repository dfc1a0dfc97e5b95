import { Text } from '@mantine/core';
import { IconPencil } from '@tabler/icons-react';
import { StatusBadge, ToneBadge } from '../../ui/badges.tsx';
import type { Editing } from './editor/editing.ts';
import { useSnapshot, useStanding } from './editor/use-editor.ts';
import { usePublished } from './use-published.ts';

/** What stands beside the title: whether it is a reaction, version, whether it is enabled, whether there is a draft. */
export function PageMarks({ editing }: { readonly editing: Editing }) {
  const { outline } = useSnapshot(editing.model);
  const { rev } = useStanding(editing);
  const published = usePublished(editing.id).data;
  return (
    <>
      {outline?.kind === 'reaction' && <ToneBadge tone="calm" word="reaction" />}
      {published && <StatusBadge state={published.enabled ? 'enabled' : 'disabled'} />}
      {rev > 0 && <ToneBadge tone="busy" word="draft" icon={IconPencil} means="Not published: runs do not take it" />}
      <Text size="xs" c="dimmed">
        {published ? `version ${published.number}` : published === null ? 'never published' : ''}
      </Text>
    </>
  );
}
