import { Badge, Group, Table, Text } from '@mantine/core';
import { type FormField, type FormSchema, fieldsOf } from '../../ui/schema-fields.ts';
import { Untrusted } from '../../ui/untrusted.tsx';

function typeOf({ kind, options, format }: FormField): string {
  if (options.length > 0) return options.map(({ label }) => label).join(' | ');
  const names: Partial<Record<FormField['kind'], string>> = {
    long: 'text',
    switch: 'yes or no',
    list: 'list of texts',
    json: 'JSON',
  };
  return format || (names[kind] ?? kind);
}

/** The fields of a schema as a table: what each is and means. */
export function SchemaTable({
  schema,
  none,
  label,
}: {
  readonly schema: FormSchema;
  readonly none: string;
  readonly label: string;
}) {
  const fields = fieldsOf(schema);
  if (fields.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        {none}
      </Text>
    );
  }
  return (
    <Table aria-label={label} verticalSpacing={4} horizontalSpacing="xs" layout="fixed">
      <Table.Tbody>
        {fields.map((field) => (
          <Table.Tr key={field.name}>
            <Table.Th scope="row" w="38%" fw={500}>
              <Group gap={6} wrap="wrap">
                <Text size="xs" ff="monospace">
                  <Untrusted text={field.name} longest={80} />
                </Text>
                {field.required && (
                  <Badge size="xs" variant="light" color="gray" tt="none">
                    needed
                  </Badge>
                )}
                {field.secret && (
                  <Badge size="xs" variant="light" color="orange" tt="none">
                    secret
                  </Badge>
                )}
              </Group>
              <Text size="xs" c="dimmed">
                {typeOf(field).slice(0, 80)}
              </Text>
            </Table.Th>
            <Table.Td>
              <Text size="sm">
                <Untrusted text={field.description} longest={300} />
              </Text>
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
