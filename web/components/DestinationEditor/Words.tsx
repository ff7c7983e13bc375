import { TagsInput } from "@mantine/core";

interface Props {
  readonly label: string;
  readonly description: string;
  readonly placeholder?: string;
  /** What is offered; anything else can be typed. */
  readonly known?: readonly string[];
  readonly value: readonly string[];
  readonly error: string | undefined;
  readonly onChange: (value: readonly string[]) => void;
}

/** A list of words: typed with Enter or a comma after each, or pasted. What is typed and not ended counts when the field is left. */
export function Words({ label, description, placeholder = "", known = [], value, error, onChange }: Props) {
  return (
    <TagsInput
      label={label}
      description={description}
      placeholder={value.length === 0 ? placeholder : ""}
      data={known.filter((word) => !value.includes(word))}
      splitChars={[",", ";", "\n"]}
      maxTags={1_000}
      acceptValueOnBlur
      autoComplete="off"
      spellCheck={false}
      value={[...value]}
      error={error}
      onChange={(words) => onChange(words.map((word) => word.trim()).filter((word) => word !== ""))}
    />
  );
}
