import { parse, YAMLParseError } from 'yaml';

/**
 * What a file says; JSON is YAML too.
 * @param what what the file is, as a sentence begins
 * @throws Error naming the line when the text is not YAML
 */
export function readYaml(text: string, what: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    if (error instanceof YAMLParseError) throw new Error(`${what} is not YAML: ${error.message}`, { cause: error });
    throw error;
  }
}
