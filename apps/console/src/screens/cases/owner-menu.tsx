import { Button, Menu, ScrollArea, VisuallyHidden } from '@mantine/core';
import { IconChevronDown, IconUser } from '@tabler/icons-react';
import { useMay, useSession } from '../../app/session.tsx';
import { useAction } from '../../app/use-api.ts';
import { plainText } from '../../ui/untrusted-text.ts';
import { usePeople } from './use-people.ts';

interface OwnerMenuProps {
  readonly id: string;
  readonly owner: string | null;
}

/** Who works on a case; hands it to somebody else. */
export function OwnerMenu({ id, owner }: OwnerMenuProps) {
  const may = useMay('case:write');
  const { user } = useSession();
  const { items, names } = usePeople();
  const hand = useAction('updateCase', { refresh: ['getCase', 'listCases', 'listCaseEntries'] });
  const give = (next: string | null) => hand.mutate({ id, body: { owner: next } });
  const name = owner === null ? 'nobody' : plainText(names.get(owner) ?? 'somebody', 40);
  const label = (
    <>
      <IconUser size={14} aria-hidden /> {name}
    </>
  );
  if (!may) return <span>{label}</span>;
  return (
    <Menu withinPortal position="bottom-start">
      <Menu.Target>
        <Button
          variant="default"
          size="compact-sm"
          leftSection={<IconUser size={14} aria-hidden />}
          rightSection={<IconChevronDown size={12} aria-hidden />}
        >
          <VisuallyHidden>Owner: </VisuallyHidden>
          {name}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>Owner</Menu.Label>
        {owner !== user.id && <Menu.Item onClick={() => give(user.id)}>Take it</Menu.Item>}
        <ScrollArea.Autosize mah={260}>
          {items.map((one) => (
            <Menu.Item key={one.id} disabled={one.id === owner} onClick={() => give(one.id)}>
              {plainText(one.name, 60)}
            </Menu.Item>
          ))}
        </ScrollArea.Autosize>
        {owner !== null && (
          <>
            <Menu.Divider />
            <Menu.Item onClick={() => give(null)}>Nobody</Menu.Item>
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
