// The table of Microsoft Sentinel as a template for Azure Resource Manager and as a table in the documentation.

interface Column {
  readonly name: string;
  readonly type: string;
  readonly description: string;
}

const workspaceId = "[resourceId('Microsoft.OperationalInsights/workspaces', parameters('workspaceName'))]";
const ruleId = "resourceId('Microsoft.Insights/dataCollectionRules', parameters('ruleName'))";
/** The built-in role Monitoring Metrics Publisher: the same ID in every tenant. */
const publisher =
  "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '3913510d-42f4-4e42-8a64-420c390055eb')]";

/** What stands in examples/sentinel/azuredeploy.json: the table, the rule, and the role of the application that writes. */
export function sentinelTemplate(columns: readonly Column[]): string {
  const template = {
    $schema: "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
    contentVersion: "1.0.0.0",
    parameters: {
      workspaceName: text("Name of the Log Analytics workspace that Microsoft Sentinel uses, in this resource group."),
      location: text("Region of the workspace.", "[resourceGroup().location]"),
      tableName: text("Name of the table; must end with _CL.", "Cistern_CL"),
      ruleName: text("Name of the data collection rule.", "cistern"),
      retentionInDays: {
        type: "int",
        defaultValue: 90,
        metadata: { description: "How long rows can be queried at once." },
      },
      principalObjectId: text(
        "Object ID of the application's service principal (Enterprise applications), to give it the role. Empty: give it by hand.",
        "",
      ),
    },
    variables: { stream: "[concat('Custom-', parameters('tableName'))]" },
    resources: [table(columns), rule(columns), roleAssignment],
    outputs: {
      endpoint: output(`[reference(${ruleId}, '2023-03-11').endpoints.logsIngestion]`),
      dcr_id: output(`[reference(${ruleId}, '2023-03-11').immutableId]`),
      stream: output("[variables('stream')]"),
    },
  };
  return `${JSON.stringify(template, null, 2).replace(LIST_OF_ONE, shortened)}\n`;
}

const LIST_OF_ONE = /^( *"\w+": )\[\n +(".*")\n +\](,?)$/gm;
/** On one line where it fits, as the formatter has it. */
function shortened(list: string, name: string, item: string, comma: string): string {
  const line = `${name}[${item}]${comma}`;
  return line.length <= 120 ? line : list;
}

/** What stands between the `columns` marks of docs/destinations/sentinel.md. */
export function columnsTable(columns: readonly Column[]): string {
  const rows = columns.map(({ name, type, description }) => `| \`${name}\` | ${type} | ${description} |`);
  return ["| Column | Type | What is in it |", "| --- | --- | --- |", ...rows].join("\n");
}

const text = (description: string, defaultValue?: string) => ({
  type: "string",
  ...(defaultValue !== undefined && { defaultValue }),
  metadata: { description },
});

const output = (value: string) => ({ type: "string", value });

const table = (columns: readonly Column[]) => ({
  type: "Microsoft.OperationalInsights/workspaces/tables",
  apiVersion: "2022-10-01",
  name: "[concat(parameters('workspaceName'), '/', parameters('tableName'))]",
  properties: {
    plan: "Analytics",
    retentionInDays: "[parameters('retentionInDays')]",
    schema: {
      name: "[parameters('tableName')]",
      // Tables write this one type in another way than rules do.
      columns: columns.map(({ name, type }) => ({ name, type: type === "datetime" ? "dateTime" : type })),
    },
  },
});

const rule = (columns: readonly Column[]) => ({
  type: "Microsoft.Insights/dataCollectionRules",
  apiVersion: "2023-03-11",
  name: "[parameters('ruleName')]",
  location: "[parameters('location')]",
  // This kind has an endpoint of its own.
  kind: "Direct",
  dependsOn: [
    "[resourceId('Microsoft.OperationalInsights/workspaces/tables', parameters('workspaceName'), parameters('tableName'))]",
  ],
  properties: {
    streamDeclarations: {
      "[variables('stream')]": { columns: columns.map(({ name, type }) => ({ name, type })) },
    },
    destinations: { logAnalytics: [{ workspaceResourceId: workspaceId, name: "workspace" }] },
    dataFlows: [
      {
        streams: ["[variables('stream')]"],
        destinations: ["workspace"],
        transformKql: "source",
        outputStream: "[variables('stream')]",
      },
    ],
  },
});

const roleAssignment = {
  condition: "[not(empty(parameters('principalObjectId')))]",
  type: "Microsoft.Authorization/roleAssignments",
  apiVersion: "2022-04-01",
  name: `[guid(${ruleId}, parameters('principalObjectId'), 'publisher')]`,
  scope: "[concat('Microsoft.Insights/dataCollectionRules/', parameters('ruleName'))]",
  dependsOn: [`[${ruleId}]`],
  properties: {
    roleDefinitionId: publisher,
    principalId: "[parameters('principalObjectId')]",
    principalType: "ServicePrincipal",
  },
};
