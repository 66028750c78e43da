/**
 * Escapes text for a Terraform template (a string in Terraform JSON is one): `${` and `%{` become `$${` and `%%{`.
 *
 * Source: https://developer.hashicorp.com/terraform/language/syntax/json#expression-mapping
 */
export function terraformText(text: string): string {
  return text.replaceAll(/[$%]\{/g, (start) => `${start[0]}${start}`);
}

/** Escapes text for an XML attribute in double quotes. Control characters that XML 1.0 cannot hold are refused earlier, by the schema. */
export function xmlAttribute(text: string): string {
  const entities: Record<string, string> = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
    "\t": "&#9;",
    "\n": "&#10;",
    "\r": "&#13;",
  };
  return text.replaceAll(/[&<>"\t\n\r]/g, (character) => entities[character] ?? character);
}
