/** The cloud-init release that the schemas of this folder are from. */
export const cloudInitSchemaVersion = "26.2";
