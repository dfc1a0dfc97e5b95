import { Button } from '@mantine/core';
import { IconPencil } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useMay } from '../../../app/session.tsx';
import { outlineAddress } from '../../../canvas/steps-index.ts';
import type { RunView } from './run-view.ts';

interface Props {
  readonly run: Pick<RunView, 'playbook' | 'current'>;
  /** Address of the step, as the run calls it. */
  readonly address: string;
}

/** Leads from a step of a run to the same step in the editor of its playbook; nothing when the playbook is gone. */
export function EditStep({ run, address }: Props) {
  const mayChange = useMay('playbook:publish');
  if (run.current === '') return null;
  return (
    <Button
      size="compact-sm"
      variant="default"
      leftSection={<IconPencil size={14} />}
      component={Link}
      to={`/playbooks/${run.playbook}?step=${encodeURIComponent(outlineAddress(address))}`}
    >
      {mayChange ? 'Edit in the playbook' : 'Show in the playbook'}
    </Button>
  );
}
