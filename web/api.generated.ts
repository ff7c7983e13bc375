// Made by scripts/openapi-types.mjs from the API's OpenAPI document. Do not change it by hand.

export interface paths {
    "/api/v1/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who is signed in */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Session"];
                    };
                };
                /** @description Refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        /** Sign in */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        name: string;
                        password: string;
                    };
                };
            };
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Session"];
                    };
                };
                /** @description Refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        /** Sign out */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/setup": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Make the first account with the set-up token that the server printed */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        token: string;
                        name: string;
                        password: string;
                    };
                };
            };
            responses: {
                /** @description Done */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Session"];
                    };
                };
                /** @description Refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/invitation": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Choose the password of an account with its invitation, and sign in */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        token: string;
                        password: string;
                    };
                };
            };
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Session"];
                    };
                };
                /** @description Refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/connectors": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The catalogue of connectors, with the fields of their forms */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Connector"][];
                    };
                };
                /** @description Refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/timezones": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Names of the IANA time zones, UTC first */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": string[];
                    };
                };
                /** @description Refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/check": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Test a connection; one JSON object a line, each step when it starts and when it has ended */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        connector: string;
                        settings: {
                            [key: string]: unknown;
                        };
                        dataSources: string[];
                        collectorId?: string;
                        draftId?: string;
                    };
                };
            };
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/x-ndjson": string;
                    };
                };
                /** @description Refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/collectors": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All collectors with their state, and what is half filled in */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["CollectorList"];
                    };
                };
                /** @description Refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        /** Install a collector; it starts at once */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["NewCollector"];
                };
            };
            responses: {
                /** @description Done */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["SavedCollector"];
                    };
                };
                /** @description Refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/collectors/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One collector with its data sources and what stands in their way */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["CollectorDetail"];
                    };
                };
                /** @description Refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        /** Remove a collector and keep or remove its events */
        delete: {
            parameters: {
                query?: {
                    events?: "keep" | "remove";
                };
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        /** Change a collector; another address clears its secrets */
        patch: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["CollectorChange"];
                };
            };
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["SavedCollector"];
                    };
                };
                /** @description Refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        trace?: never;
    };
    "/api/v1/collectors/{id}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Pause a collector */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/collectors/{id}/data-sources/{name}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Pause one data source */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                    name: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/collectors/{id}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Resume a collector */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/collectors/{id}/data-sources/{name}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Resume one data source */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                    name: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/collectors/{id}/scan": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Look for new files now */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/collectors/{id}/files/{fileId}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Try a file again that was set aside */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                    fileId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/acknowledgements": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Say that somebody has seen a gap, a line or a file that was set aside */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        gap: number;
                    } | {
                        quarantined: number;
                    } | {
                        file: string;
                    };
                };
            };
            responses: {
                /** @description Done */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/collectors/{id}/secrets/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Enter a secret anew; it cannot be read back */
        put: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                    name: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        value: string;
                    };
                };
            };
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["SecretInfo"];
                    };
                };
                /** @description Refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/collectors/{id}/duplicate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Begin a draft with the settings of a collector, its secrets included */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Draft"];
                    };
                };
                /** @description Refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/collectors/{id}/volume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Events and bytes over time, in at most 300 buckets; without bounds the last day */
        get: {
            parameters: {
                query?: {
                    from?: string;
                    to?: string;
                    by?: "ingest" | "event";
                    source?: string;
                };
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["VolumeSeries"];
                    };
                };
                /** @description Refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/collectors/{id}/export.yaml": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The collector for the configuration file; its secrets as references to the environment */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/yaml": string;
                    };
                };
                /** @description Refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/collectors/{id}/quarantine": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lines that could not be read, with the beginning of their text */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["QuarantinedLine"][];
                    };
                };
                /** @description Refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/collectors/{id}/quarantine/{number}/raw": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The exact bytes of one line that could not be read */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                    number: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/octet-stream": string;
                    };
                };
                /** @description Refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/collectors/{id}/coverage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Minutes by state in cells of hours or days; without bounds the last seven days */
        get: {
            parameters: {
                query?: {
                    from?: string;
                    to?: string;
                    step?: "hour" | "day";
                    source?: string;
                };
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Coverage"];
                    };
                };
                /** @description Refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/collectors/{id}/coverage/files": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The files that speak for a time of one data source, by their end */
        get: {
            parameters: {
                query: {
                    from: string;
                    to: string;
                    source: string;
                    after?: string;
                };
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["CoveredFiles"];
                    };
                };
                /** @description Refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/reports/completeness": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Issue a signed completeness report; the answer is its exact bytes, to be kept as they are */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        collector: string;
                        /** Format: date-time */
                        from: string;
                        /** Format: date-time */
                        to: string;
                    };
                };
            };
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["CompletenessReport"];
                    };
                };
                /** @description Refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/collectors/{id}/reports": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The reports that were issued, the latest first, and what has come to light since */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["IssuedReports"];
                    };
                };
                /** @description Refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/reports/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The exact bytes of a report */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["CompletenessReport"];
                    };
                };
                /** @description Refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/reports/{id}/page": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A report as a page for printing */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/html": string;
                    };
                };
                /** @description Refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/collectors/{id}/data-sources/{name}/rewind/forecast": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** What a rewind to an instant would fetch: lists upstream, downloads and changes nothing */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                    name: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** Format: date-time */
                        to: string;
                    };
                };
            };
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["RewindForecast"];
                    };
                };
                /** @description Refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/collectors/{id}/data-sources/{name}/rewind": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Rewind as a forecast says; with refetch, files that are here are fetched again */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                    name: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        token: string;
                        /** @default false */
                        refetch?: boolean;
                    };
                };
            };
            responses: {
                /** @description Done */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/collectors/{id}/data-sources/{name}/rewind/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Give up what a rewind has not fetched again yet */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                    name: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/destination-kinds": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Where events can be delivered to */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["DestinationKind"][];
                    };
                };
                /** @description Refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/destinations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Destinations and where they stand */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Destination"][];
                    };
                };
                /** @description Refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        /** Add a destination */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        kind: string;
                        name: string;
                        settings: {
                            [key: string]: unknown;
                        };
                        /** @enum {string} */
                        format?: "raw" | "ecs" | "ocsf" | "ocsf-1.9" | "exabeam-raw" | "cef" | "leef";
                        filter?: {
                            /** @description Only these data sources. */
                            data_sources?: string[];
                            /** @description Only these event types, in upstream's words. */
                            types?: string[];
                            /** @description Only what these people did. */
                            users?: string[];
                            /** @description Nothing of these people. */
                            without_users?: string[];
                            /** @description Conditions on fields, all to be met. */
                            fields?: {
                                /** @description Path within the upstream object; `*` stands for any name or place in a list. */
                                field: string;
                                /** @description Any of these, whole. */
                                equals?: string[];
                                /** @description Holds this text, in either case. */
                                contains?: string;
                                /** @description `true`: is there; `false`: is not. */
                                exists?: boolean;
                            }[];
                        } | null;
                        masking?: {
                            /** @description `true`: no content, whatever field it stands in: messages, titles, file names, arguments, results. */
                            metadata_only?: boolean;
                            /** @description Fields that are left out. */
                            drop?: string[];
                            /** @description Fields whose value becomes `***`. */
                            mask?: string[];
                            /** @description `true`: people's names, addresses and ids become keyed pseudonyms, the same for the same person at this destination. */
                            pseudonyms?: boolean;
                        } | null;
                        collectorIds?: string[] | null;
                        /** @enum {string} */
                        from?: "start" | "now";
                        maxBatchEvents?: number | null;
                        maxBatchBytes?: number | null;
                        maxAge?: string | null;
                        paused?: boolean;
                    };
                };
            };
            responses: {
                /** @description Done */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Destination"];
                    };
                };
                /** @description Refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/destinations/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One destination */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Destination"];
                    };
                };
                /** @description Refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        /** Remove a destination with its positions and dead letters */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        /** Change a destination; another address clears its secrets */
        patch: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        name?: string;
                        settings?: {
                            [key: string]: unknown;
                        };
                        /** @enum {string} */
                        format?: "raw" | "ecs" | "ocsf" | "ocsf-1.9" | "exabeam-raw" | "cef" | "leef";
                        filter?: {
                            /** @description Only these data sources. */
                            data_sources?: string[];
                            /** @description Only these event types, in upstream's words. */
                            types?: string[];
                            /** @description Only what these people did. */
                            users?: string[];
                            /** @description Nothing of these people. */
                            without_users?: string[];
                            /** @description Conditions on fields, all to be met. */
                            fields?: {
                                /** @description Path within the upstream object; `*` stands for any name or place in a list. */
                                field: string;
                                /** @description Any of these, whole. */
                                equals?: string[];
                                /** @description Holds this text, in either case. */
                                contains?: string;
                                /** @description `true`: is there; `false`: is not. */
                                exists?: boolean;
                            }[];
                        } | null;
                        masking?: {
                            /** @description `true`: no content, whatever field it stands in: messages, titles, file names, arguments, results. */
                            metadata_only?: boolean;
                            /** @description Fields that are left out. */
                            drop?: string[];
                            /** @description Fields whose value becomes `***`. */
                            mask?: string[];
                            /** @description `true`: people's names, addresses and ids become keyed pseudonyms, the same for the same person at this destination. */
                            pseudonyms?: boolean;
                        } | null;
                        collectorIds?: string[] | null;
                        /** @enum {string} */
                        from?: "start" | "now";
                        maxBatchEvents?: number | null;
                        maxBatchBytes?: number | null;
                        maxAge?: string | null;
                        paused?: boolean;
                    };
                };
            };
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Destination"];
                    };
                };
                /** @description Refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        trace?: never;
    };
    "/api/v1/destinations/{id}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Hold back; the log keeps what comes in */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Destination"];
                    };
                };
                /** @description Refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/destinations/{id}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Go on where it was paused */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Destination"];
                    };
                };
                /** @description Refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/destinations/{id}/try-now": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Try at once what waits for its next attempt */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/destinations/check": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Test a destination with a marked event; one JSON object a line, each step when it starts and when it has ended */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        kind: string;
                        settings: {
                            [key: string]: unknown;
                        };
                        /** @enum {string} */
                        format?: "raw" | "ecs" | "ocsf" | "ocsf-1.9" | "exabeam-raw" | "cef" | "leef";
                        destinationId?: string;
                    };
                };
            };
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/x-ndjson": string;
                    };
                };
                /** @description Refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/destinations/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Stored events before and after filter, masks and format; nothing is sent */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @enum {string} */
                        format: "raw" | "ecs" | "ocsf" | "ocsf-1.9" | "exabeam-raw" | "cef" | "leef";
                        filter?: {
                            /** @description Only these data sources. */
                            data_sources?: string[];
                            /** @description Only these event types, in upstream's words. */
                            types?: string[];
                            /** @description Only what these people did. */
                            users?: string[];
                            /** @description Nothing of these people. */
                            without_users?: string[];
                            /** @description Conditions on fields, all to be met. */
                            fields?: {
                                /** @description Path within the upstream object; `*` stands for any name or place in a list. */
                                field: string;
                                /** @description Any of these, whole. */
                                equals?: string[];
                                /** @description Holds this text, in either case. */
                                contains?: string;
                                /** @description `true`: is there; `false`: is not. */
                                exists?: boolean;
                            }[];
                        } | null;
                        masking?: {
                            /** @description `true`: no content, whatever field it stands in: messages, titles, file names, arguments, results. */
                            metadata_only?: boolean;
                            /** @description Fields that are left out. */
                            drop?: string[];
                            /** @description Fields whose value becomes `***`. */
                            mask?: string[];
                            /** @description `true`: people's names, addresses and ids become keyed pseudonyms, the same for the same person at this destination. */
                            pseudonyms?: boolean;
                        } | null;
                        collectorIds?: string[] | null;
                        destinationId?: string;
                        /** @default 5 */
                        show?: number;
                    };
                };
            };
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["DeliveryPreview"];
                    };
                };
                /** @description Refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/destinations/{id}/receipts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What became of the events of each hour, and whether the sums add up */
        get: {
            parameters: {
                query?: {
                    hours?: number;
                };
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Receipt"][];
                    };
                };
                /** @description Refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/destinations/{id}/dead-letters": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Events that the destination refuses, the latest first; the events themselves are read by their seq */
        get: {
            parameters: {
                query?: {
                    state?: "dead" | "again" | "delivered" | "discarded";
                    before?: number;
                    limit?: number;
                };
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["DeadLetter"][];
                    };
                };
                /** @description Refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/destinations/{id}/dead-letters/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Send dead letters again */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        ids: "all" | number[];
                    };
                };
            };
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            changed: number;
                        };
                    };
                };
                /** @description Refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/destinations/{id}/dead-letters/discard": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Give dead letters up; they stay listed as discarded */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        ids: "all" | number[];
                    };
                };
            };
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            changed: number;
                        };
                    };
                };
                /** @description Refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/destinations/{id}/replays": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Parts of the log that the destination takes again */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Replay"][];
                    };
                };
                /** @description Refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        /** Send a part of the log again, beside live delivery; upstream is not asked */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        collectorIds?: string[];
                        dataSource?: string;
                        /** Format: date-time */
                        from?: string;
                        /** Format: date-time */
                        to?: string;
                    };
                };
            };
            responses: {
                /** @description Done */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Replay"];
                    };
                };
                /** @description Refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/destinations/{id}/replays/forecast": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** How many events a replay would send; nothing is sent */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        collectorIds?: string[];
                        dataSource?: string;
                        /** Format: date-time */
                        from?: string;
                        /** Format: date-time */
                        to?: string;
                    };
                };
            };
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            events: number;
                        };
                    };
                };
                /** @description Refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/destinations/{id}/replays/{replay}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Stop a replay; what has been sent stays sent */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                    replay: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/drafts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All drafts */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["DraftRow"][];
                    };
                };
                /** @description Refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        /** Begin a draft */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        connector: string;
                        values?: {
                            [key: string]: unknown;
                        };
                        secrets?: {
                            [key: string]: string;
                        };
                    };
                };
            };
            responses: {
                /** @description Done */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Draft"];
                    };
                };
                /** @description Refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/drafts/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One draft; of its secrets only what may be told */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Draft"];
                    };
                };
                /** @description Refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        /** Throw a draft away */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        /** Change a draft by key; null removes a value, another address its secrets */
        patch: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        values?: {
                            [key: string]: unknown;
                        };
                        secrets?: {
                            [key: string]: string;
                        };
                    };
                };
            };
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Draft"];
                    };
                };
                /** @description Refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        trace?: never;
    };
    "/api/v1/drafts/{id}/evaluation": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What the wizard makes of the values so far */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["GuideEvaluation"];
                    };
                };
                /** @description Refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sites": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All sites */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Site"][];
                    };
                };
                /** @description Refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        /** Add a site */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        name: string;
                    };
                };
            };
            responses: {
                /** @description Done */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Site"];
                    };
                };
                /** @description Refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sites/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Remove a site that no collector carries */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        /** Rename a site; events collected from then on carry the new name */
        patch: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        name: string;
                    };
                };
            };
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Site"];
                    };
                };
                /** @description Refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        trace?: never;
    };
    "/api/v1/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Events, newest first */
        get: {
            parameters: {
                query?: {
                    collector?: string | string[];
                    source?: string | string[];
                    type?: string | string[];
                    site?: string | string[];
                    q?: string;
                    from?: string;
                    to?: string;
                    limit?: number;
                    after?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["EventPage"];
                    };
                };
                /** @description Refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/events/count": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How many events */
        get: {
            parameters: {
                query?: {
                    collector?: string | string[];
                    source?: string | string[];
                    type?: string | string[];
                    site?: string | string[];
                    q?: string;
                    from?: string;
                    to?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            count: number;
                            exact: boolean;
                        };
                    };
                };
                /** @description Refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/events/histogram": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Events over time */
        get: {
            parameters: {
                query?: {
                    collector?: string | string[];
                    source?: string | string[];
                    type?: string | string[];
                    site?: string | string[];
                    q?: string;
                    from?: string;
                    to?: string;
                    buckets?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Histogram"];
                    };
                };
                /** @description Refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/events/types": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Which types of events there are */
        get: {
            parameters: {
                query?: {
                    collector?: string | string[];
                    source?: string | string[];
                    type?: string | string[];
                    site?: string | string[];
                    q?: string;
                    from?: string;
                    to?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            type: string;
                            events: number;
                        }[];
                    };
                };
                /** @description Refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/events/data-sources": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Which data sources events can be from */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            name: string;
                            title: string;
                        }[];
                    };
                };
                /** @description Refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/events/{seq}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One event with its exact text */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    seq: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["EventDetail"];
                    };
                };
                /** @description Refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/events/{seq}/raw": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The exact bytes of one event */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    seq: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/octet-stream": string;
                    };
                };
                /** @description Refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/system": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Version, disk, secret key and index */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["System"];
                    };
                };
                /** @description Refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/system/secret-key": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Enter the key of the stored secrets anew, where it is missing or wrong */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        value: string;
                    };
                };
            };
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["SecretKeyState"];
                    };
                };
                /** @description Refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/search/progress": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How far the index follows the log */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["SearchProgress"];
                    };
                };
                /** @description Refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/alerts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Channels, rules, open problems and what was sent */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Alerts"];
                    };
                };
                /** @description Refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/alerts/settings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Change rules, reminders, quiet hours and private networks */
        patch: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["AlertSettingsChange"];
                };
            };
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Alerts"];
                    };
                };
                /** @description Refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        trace?: never;
    };
    "/api/v1/alerts/heartbeat": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Set the address that is called while everything makes progress, or none */
        put: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        url: string | null;
                    };
                };
            };
            responses: {
                /** @description Done */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/alerts/channels": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Add a channel */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["NewAlertChannel"];
                };
            };
            responses: {
                /** @description Done */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["SavedAlertChannel"];
                    };
                };
                /** @description Refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/alerts/channels/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Remove a channel */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        /** Change a channel; another address clears its secrets */
        patch: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["AlertChannelChange"];
                };
            };
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["SavedAlertChannel"];
                    };
                };
                /** @description Refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        trace?: never;
    };
    "/api/v1/alerts/channels/{id}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Send a test message now */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["AlertTest"];
                    };
                };
                /** @description Refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/accounts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All accounts */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Account"][];
                    };
                };
                /** @description Refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        /** Make an account; its person chooses the password with the invitation, shown this once */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        name: string;
                        roles: ("admin" | "operator" | "analyst" | "viewer" | "auditor" | "privacy")[];
                    };
                };
            };
            responses: {
                /** @description Done */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Invited"];
                    };
                };
                /** @description Refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/accounts/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Remove an account; its sessions end */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        /** Give an account other roles; its sessions end */
        patch: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        roles: ("admin" | "operator" | "analyst" | "viewer" | "auditor" | "privacy")[];
                    };
                };
            };
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Account"];
                    };
                };
                /** @description Refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        trace?: never;
    };
    "/api/v1/accounts/{id}/password-reset": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Take an account's password and sessions away; the invitation to choose another is shown this once */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Invited"];
                    };
                };
                /** @description Refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Change the own password; every other session of the account ends */
        put: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        current: string;
                        password: string;
                    };
                };
            };
            responses: {
                /** @description Done */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** API tokens that are not revoked */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Token"][];
                    };
                };
                /** @description Refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        /** Make an API token; it is shown this once */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        name: string;
                        /** @enum {string} */
                        role: "admin" | "operator" | "analyst" | "viewer" | "auditor" | "privacy";
                        /** @default 90 */
                        expiresInDays?: number;
                    };
                };
            };
            responses: {
                /** @description Done */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["NewTokenAnswer"];
                    };
                };
                /** @description Refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tokens/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Revoke an API token */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/access-record": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who did and read what, newest first; reading it is recorded */
        get: {
            parameters: {
                query?: {
                    limit?: number;
                    before?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["AccessEntry"][];
                    };
                };
                /** @description Refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/docs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All documents */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Document"][];
                    };
                };
                /** @description Refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/docs/{path}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One document as Markdown */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    path: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["DocumentText"];
                    };
                };
                /** @description Refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/doc-pictures/{path}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One picture of the documents */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    path: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "image/*": string;
                    };
                };
                /** @description Refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        Session: {
            setupRequired: boolean;
            account: {
                name: string;
                /** @enum {string} */
                role: "admin" | "operator" | "analyst" | "viewer" | "auditor" | "privacy";
                roles: ("admin" | "operator" | "analyst" | "viewer" | "auditor" | "privacy")[];
                permissions: ("collectors.read" | "collectors.operate" | "collectors.write" | "destinations.read" | "destinations.operate" | "destinations.write" | "reports.issue" | "events.read" | "system.read" | "secret-key.write" | "tokens.write" | "accounts.read" | "accounts.write" | "access-record.read" | "metrics.read" | "docs.read" | "alerts.read" | "alerts.write")[];
            } | null;
            version: string;
        };
        Problem: {
            type: string;
            title: string;
            status: number;
            code: string;
            detail: string;
            action?: string;
            fields?: {
                [key: string]: string;
            };
            collectors?: string[];
        };
        Connector: {
            name: string;
            title: string;
            vendor: string;
            description: string;
            fields: components["schemas"]["SettingField"][];
            dataSources: components["schemas"]["DataSource"][];
            hasGuide: boolean;
            guide?: components["schemas"]["Guide"];
        };
        SettingField: {
            name: string;
            label: string;
            help?: string;
            placeholder?: string;
            /** @enum {string} */
            kind: "text" | "secret" | "url" | "number" | "boolean" | "choice";
            choices?: string[];
            required: boolean;
            advanced: boolean;
            fixed: boolean;
            lines: boolean;
            default?: unknown;
        };
        DataSource: {
            name: string;
            title: string;
            description: string;
            upstreamType: string;
        };
        Guide: {
            title: string;
            audience: string;
            steps: {
                id: string;
                title: string;
                instructions: string[];
                fields: {
                    name: string;
                    label: string;
                    /** @enum {string} */
                    kind: "text" | "secret" | "choice";
                    help?: string;
                    placeholder?: string;
                    choices?: {
                        value: string;
                        label: string;
                        help?: string;
                    }[];
                    fills?: string;
                }[];
                notes: {
                    /** @enum {string} */
                    tone: "info" | "warn";
                    title: string;
                    text: string;
                }[];
                /** @enum {string} */
                kind: "form" | "mail" | "wait";
                onlyIf?: {
                    field: string;
                    value: string;
                };
            }[];
        };
        CollectorList: {
            collectors: components["schemas"]["CollectorRow"][];
            drafts: components["schemas"]["DraftRow"][];
        };
        CollectorRow: {
            id: string;
            name: string;
            connector: string;
            connectorTitle: string;
            vendor: string;
            /** @enum {string} */
            health: "starting" | "running" | "catching_up" | "idle" | "degraded" | "stalled_upstream" | "failed" | "paused";
            /** @enum {string} */
            cause: "paused" | "settings_missing" | "key_refused" | "scope_missing" | "configuration" | "disk_full" | "own_fault" | "network_ours" | "network_theirs" | "upstream_failing" | "upstream_answers_wrong" | "throttled" | "gap" | "set_aside" | "starting" | "catching_up" | "call_failed" | "stalled_upstream" | "unusually_quiet" | "quiet" | "nothing_yet" | "collecting";
            reason: string;
            summary: string;
            action?: string;
            /** @enum {string} */
            fault: "none" | "us" | "network" | "upstream" | "key" | "configuration" | "disk";
            evidence: {
                fact: string;
                value: string;
            }[];
            support?: string;
            forecast?: {
                seconds: number;
                /** Format: date-time */
                at: string;
                /** @enum {string} */
                by: "measured" | "allowance";
            };
            headroom?: {
                seconds: number;
                /** Format: date-time */
                until: string;
                /** @enum {string} */
                level: "ok" | "warning" | "critical";
            };
            paused: boolean;
            /** @enum {string} */
            managedBy: "console" | "file";
            site?: {
                id: string;
                name: string;
            };
            timezone?: string;
            dataSources: number;
            volumeLastDay: {
                events: number;
                bytes: number;
            };
            /** Format: date-time */
            lastReceivedAt?: string;
            sparkline: number[];
            lagSeconds?: number;
            completeThrough?: string;
            completeShare: number;
            pendingFiles: number;
            backlog?: components["schemas"]["Backlog"];
            lost: boolean;
        };
        Backlog: {
            filesDone: number;
            filesListed: number;
            bytesLeft: number;
            filesPerMinute?: number;
            bytesPerSecond?: number;
            eventsPerSecond?: number;
            secondsLeft?: number;
            /** Format: date-time */
            endsAt?: string;
        };
        DraftRow: {
            id: string;
            connector: string;
            connectorTitle: string;
            name?: string;
            /** Format: date-time */
            updatedAt: string;
        };
        CollectorDetail: components["schemas"]["CollectorRow"] & {
            settings: {
                [key: string]: unknown;
            };
            secrets: components["schemas"]["SecretInfo"][];
            start?: string;
            pollInterval: string;
            overlap: string;
            requestsPerMinute: number | "auto";
            retentionDays?: number;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
            sources: components["schemas"]["DataSourceStatus"][];
            errors: components["schemas"]["CollectorError"][];
        };
        SecretInfo: {
            name: string;
            last4: string;
            /** Format: date-time */
            setAt: string;
        };
        DataSourceStatus: {
            name: string;
            title: string;
            upstreamType: string;
            /** @enum {string} */
            health: "starting" | "running" | "catching_up" | "idle" | "degraded" | "stalled_upstream" | "failed" | "paused";
            /** @enum {string} */
            cause: "paused" | "settings_missing" | "key_refused" | "scope_missing" | "configuration" | "disk_full" | "own_fault" | "network_ours" | "network_theirs" | "upstream_failing" | "upstream_answers_wrong" | "throttled" | "gap" | "set_aside" | "starting" | "catching_up" | "call_failed" | "stalled_upstream" | "unusually_quiet" | "quiet" | "nothing_yet" | "collecting";
            reason: string;
            summary: string;
            action?: string;
            /** @enum {string} */
            fault: "none" | "us" | "network" | "upstream" | "key" | "configuration" | "disk";
            evidence: {
                fact: string;
                value: string;
            }[];
            support?: string;
            forecast?: {
                seconds: number;
                /** Format: date-time */
                at: string;
                /** @enum {string} */
                by: "measured" | "allowance";
            };
            headroom?: {
                seconds: number;
                /** Format: date-time */
                until: string;
                /** @enum {string} */
                level: "ok" | "warning" | "critical";
            };
            paused: boolean;
            cursor?: string;
            completeThrough?: string;
            newestEvent?: string;
            /** Format: date-time */
            lastIngestedAt?: string;
            lagSeconds?: number;
            pending: number;
            pendingBytes: number;
            holes: {
                fileId: string;
                endTime: string;
                error?: components["schemas"]["RecordedError"];
                attempts: number;
                /** Format: date-time */
                retryAt?: string;
                /** @enum {string} */
                state: "pending" | "done" | "quarantined" | "expired";
            }[];
            gaps: components["schemas"]["Gap"][];
            counts: {
                events: number;
                bytes: number;
                duplicates: number;
                conflicts: number;
                quarantined: number;
                filesDone: number;
                filesPending: number;
            };
            error?: components["schemas"]["RecordedError"];
            claimMovedBack: number;
            activity?: {
                /** @enum {string} */
                phase: "waiting" | "scanning" | "fetching" | "backing_off" | "stopped";
                /** Format: date-time */
                nextScanAt?: string;
                filesInWork: number;
                requestsPerMinute: number;
            };
            backlog?: components["schemas"]["Backlog"];
            rewind?: components["schemas"]["Rewind"];
        };
        RecordedError: {
            /** @enum {string} */
            code: "config_invalid" | "auth_failed" | "rate_limited" | "unavailable" | "rejected" | "protocol" | "storage" | "fenced";
            reason?: string;
            message: string;
            action?: string;
            status?: number;
            /** Format: date-time */
            since: string;
            /** Format: date-time */
            at: string;
            count: number;
        };
        Gap: {
            id: number;
            collectorId: string;
            dataSource: string;
            from: string;
            to: string;
            /** @enum {string} */
            reason: "expired_upstream" | "stopped_too_long" | "suspected";
            files: number;
            fileId?: string;
            /** Format: date-time */
            recordedAt: string;
            /** Format: date-time */
            acknowledgedAt?: string;
            acknowledgedBy?: string;
        };
        Rewind: {
            id: number;
            to: string;
            from?: string;
            /** Format: date-time */
            requestedAt: string;
            requestedBy: string;
            /** @enum {string} */
            phase: "requested" | "rereading" | "done" | "cancelled";
            again: {
                files: number;
                bytes: number;
                done: number;
                failed: number;
                inserted: number;
            };
        };
        CollectorError: {
            dataSource: string;
            /** @enum {string} */
            type: "connection" | "credential" | "file" | "line" | "gap" | "storage" | "configuration";
            code: string;
            reason?: string;
            message: string;
            action?: string;
            /** Format: date-time */
            since: string;
            /** Format: date-time */
            at: string;
            count: number;
            fileId?: string;
            id?: number;
            acknowledged: boolean;
            docs: string;
        };
        SavedCollector: {
            collector: components["schemas"]["CollectorDetail"];
            warnings: string[];
        };
        NewCollector: {
            name: string;
            connector: string;
            settings: {
                [key: string]: unknown;
            };
            dataSources: string[];
            siteId?: string | null;
            timezone?: string | null;
            /** Format: date-time */
            start?: string | null;
            pollInterval?: string;
            overlap?: string;
            requestsPerMinute?: "auto" | number;
            retentionDays?: number | null;
            draftId?: string;
            acceptWarnings?: boolean;
        };
        CollectorChange: {
            name?: string;
            settings?: {
                [key: string]: unknown;
            };
            dataSources?: string[];
            siteId?: string | null;
            timezone?: string | null;
            /** Format: date-time */
            start?: string | null;
            pollInterval?: string;
            overlap?: string;
            requestsPerMinute?: "auto" | number;
            retentionDays?: number | null;
            paused?: boolean;
            acceptWarnings?: boolean;
        };
        Draft: {
            id: string;
            connector: string;
            values: {
                [key: string]: unknown;
            };
            secrets: components["schemas"]["SecretInfo"][];
            /** Format: date-time */
            updatedAt: string;
            updatedBy: string;
        };
        VolumeSeries: {
            stepMs: number;
            buckets: {
                at: number;
                events: number;
                bytes: number;
            }[];
            total: {
                events: number;
                bytes: number;
            };
        };
        QuarantinedLine: {
            id: number;
            collectorId: string;
            dataSource: string;
            fileId: string;
            line: number;
            reason: string;
            text: string;
            sizeBytes: number;
            /** Format: date-time */
            at: string;
            /** Format: date-time */
            acknowledgedAt?: string;
        };
        Coverage: {
            /** Format: date-time */
            from: string;
            /** Format: date-time */
            to: string;
            stepMinutes: number;
            sources: {
                dataSource: string;
                title: string;
                minutes: {
                    lost: number;
                    missing: number;
                    pending: number;
                    not_scanned: number;
                    late_possible: number;
                    not_asked: number;
                    collected: number;
                    empty: number;
                };
                cells: {
                    /** Format: date-time */
                    at: string;
                    /** @enum {string} */
                    worst: "lost" | "missing" | "pending" | "not_scanned" | "late_possible" | "not_asked" | "collected" | "empty";
                    minutes: {
                        lost?: number;
                        missing?: number;
                        pending?: number;
                        not_scanned?: number;
                        late_possible?: number;
                        not_asked?: number;
                        collected?: number;
                        empty?: number;
                    };
                }[];
            }[];
        };
        CoveredFiles: {
            files: {
                fileId: string;
                /** Format: date-time */
                endTime: string;
                /** @enum {string} */
                state: "pending" | "done" | "quarantined" | "expired";
                size: number;
                attempts: number;
                lines?: number;
                held?: number;
                quarantined?: number;
                sha256?: string;
                error?: {
                    code: string;
                    reason?: string;
                    message: string;
                };
            }[];
            next?: string;
        };
        CompletenessReport: {
            id: string;
        } & {
            [key: string]: unknown;
        };
        IssuedReports: {
            id: string;
            /** Format: date-time */
            from: string;
            /** Format: date-time */
            to: string;
            /** Format: date-time */
            issuedAt: string;
            issuedBy: string;
            sha256: string;
            dataSources: string[];
            corrections: {
                dataSource: string;
                contradicted: boolean;
                filesAdded: string[];
                filesChanged: {
                    id: string;
                    from: string;
                    to: string;
                }[];
                gapsAdded: {
                    from: string;
                    to: string;
                    reason: string;
                }[];
                gapsClosed: {
                    from: string;
                    to: string;
                    reason: string;
                }[];
            }[];
        }[];
        RewindForecast: {
            token: string;
            /** Format: date-time */
            expiresAt: string;
            to: string;
            cursor: string;
            listed: {
                files: number;
                bytes: number;
            };
            oldestListed?: string;
            toFetch: {
                files: number;
                bytes: number;
            };
            waiting: {
                files: number;
                bytes: number;
            };
            here: {
                files: number;
                bytes: number;
            };
            gone: {
                files: number;
                bytes: number;
            };
            secondsToFetch?: number;
            secondsToRefetch?: number;
        };
        DestinationKind: {
            name: string;
            title: string;
            description: string;
            group: string;
            settings: components["schemas"]["SettingField"][];
            address: string[];
            formats: {
                name: string;
                title: string;
                description: string;
            }[];
            /** @enum {string} */
            guarantee: "idempotent" | "deduplicated_for_a_while" | "at_least_once" | "unacknowledged";
            guaranteeNote: string;
            limits: {
                events: number;
                bytes: number;
                eventBytes?: number;
            };
            ordered: boolean;
        };
        Destination: {
            id: string;
            name: string;
            kind: string;
            settings: {
                [key: string]: unknown;
            };
            secrets: components["schemas"]["SecretInfo"][];
            /** @enum {string} */
            format: "raw" | "ecs" | "ocsf" | "ocsf-1.9" | "exabeam-raw" | "cef" | "leef";
            filter?: {
                /** @description Only these data sources. */
                data_sources?: string[];
                /** @description Only these event types, in upstream's words. */
                types?: string[];
                /** @description Only what these people did. */
                users?: string[];
                /** @description Nothing of these people. */
                without_users?: string[];
                /** @description Conditions on fields, all to be met. */
                fields?: {
                    /** @description Path within the upstream object; `*` stands for any name or place in a list. */
                    field: string;
                    /** @description Any of these, whole. */
                    equals?: string[];
                    /** @description Holds this text, in either case. */
                    contains?: string;
                    /** @description `true`: is there; `false`: is not. */
                    exists?: boolean;
                }[];
            };
            masking?: {
                /** @description `true`: no content, whatever field it stands in: messages, titles, file names, arguments, results. */
                metadata_only?: boolean;
                /** @description Fields that are left out. */
                drop?: string[];
                /** @description Fields whose value becomes `***`. */
                mask?: string[];
                /** @description `true`: people's names, addresses and ids become keyed pseudonyms, the same for the same person at this destination. */
                pseudonyms?: boolean;
            };
            collectorIds?: string[];
            /** @enum {string} */
            from: "start" | "now";
            maxBatchEvents?: number;
            maxBatchBytes?: number;
            maxAgeMs?: number;
            paused: boolean;
            /** @enum {string} */
            managedBy: "console" | "file";
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
            status: components["schemas"]["DestinationStatus"];
        };
        DestinationStatus: {
            /** @enum {string} */
            phase: "idle" | "delivering" | "waiting" | "retrying" | "halted" | "paused" | "unusable" | "starting";
            problem?: {
                code: string;
                reason?: string;
                message: string;
                action?: string;
                since: string;
            };
            /** @enum {string} */
            circuit: "closed" | "open" | "trying";
            /** Format: date-time */
            nextAttemptAt?: string;
            pending: number;
            /** Format: date-time */
            oldestPendingAt?: string;
            delivered: number;
            filtered: number;
            withdrawn: number;
            deadLetters: number;
            eventsPerSecond: number;
            bytesPerSecond: number;
            latencyP95Ms?: number;
            answers: {
                /** Format: date-time */
                at: string;
                durationMs: number;
                events: number;
                bytes: number;
                /** @enum {string} */
                outcome: "taken" | "partly" | "refused" | "retry" | "halt";
                detail?: string;
            }[];
            collectors: {
                id: string;
                name: string;
                pending: number;
                /** Format: date-time */
                oldestPendingAt?: string;
            }[];
        };
        DeliveryPreview: {
            events: {
                seq: number;
                collector: string;
                dataSource: string;
                type: string;
                time: string;
                before: string;
                /** @enum {string} */
                outcome: "sent" | "kept_back" | "unmaskable";
                after?: string;
                bytes?: number;
            }[];
            sampled: number;
            keptBack: number;
            eventsPerDay: number;
            bytesPerDay: number;
        };
        Receipt: {
            /** Format: date-time */
            at: string;
            collectorId: string;
            collected: number;
            filtered: number;
            delivered: number;
            deadLettered: number;
            withdrawn: number;
            pending: number;
            reconciles: boolean;
        };
        DeadLetter: {
            id: number;
            seq: number;
            key: string;
            eventId: string;
            type: string;
            collectorId: string;
            reason: string;
            answer: string;
            /** Format: date-time */
            at: string;
            attempts: number;
            /** @enum {string} */
            state: "dead" | "again" | "delivered" | "discarded";
            by?: string;
        };
        Replay: {
            id: number;
            collectorIds: string[];
            dataSource?: string;
            /** Format: date-time */
            from?: string;
            /** Format: date-time */
            to?: string;
            events: number;
            delivered: number;
            filtered: number;
            dead: number;
            /** @enum {string} */
            state: "running" | "done" | "cancelled";
            by: string;
            /** Format: date-time */
            at: string;
            /** Format: date-time */
            endedAt?: string;
        };
        GuideEvaluation: {
            findings: {
                step: string;
                field?: string;
                /** @enum {string} */
                tone: "ok" | "warn" | "error";
                text: string;
                blocks: boolean;
            }[];
            mail?: {
                to: string;
                subject: string;
                body: string;
            };
        };
        Site: {
            id: string;
            name: string;
            /** Format: date-time */
            createdAt: string;
            collectors: number;
        };
        EventPage: {
            events: components["schemas"]["EventRow"][];
            next?: string;
        };
        EventRow: {
            seq: number;
            key: string;
            eventId: string;
            collectorId: string;
            collector: string;
            dataSource: string;
            type: string;
            time: string;
            timeMs: number;
            /** Format: date-time */
            ingestedAt: string;
            siteName?: string;
            user?: string;
            summary: string;
            conversation?: string;
        };
        Histogram: {
            stepMs: number;
            from: number;
            to: number;
            buckets: {
                at: number;
                events: number;
            }[];
        };
        EventDetail: {
            seq: number;
            key: string;
            eventId: string;
            collectorId: string;
            collector: string;
            dataSource: string;
            type: string;
            time: string;
            timeMs: number;
            /** Format: date-time */
            ingestedAt: string;
            siteName?: string;
            user?: string;
            summary: string;
            conversation?: string;
            metadata: {
                connector: string;
                siteId?: string;
                timezone?: string;
                flags: string[];
                origin: {
                    fileId: string;
                    fileSha256: string;
                    line: number;
                };
                contentHash: string;
                sizeBytes: number;
            };
            raw?: string;
            rawBase64?: string;
        };
        System: {
            version: string;
            /** Format: date-time */
            startedAt: string;
            disk: {
                databaseBytes: number;
                walBytes: number;
                searchBytes: number;
                freeBytes: number;
                totalBytes: number;
                growthBytesPerDay?: number;
                daysLeft?: number;
                paused: boolean;
            };
            secretKey: components["schemas"]["SecretKeyState"];
            demo: boolean;
            publicUrl?: string;
            search: components["schemas"]["SearchProgress"];
        };
        SecretKeyState: {
            /** @enum {string} */
            state: "ok" | "missing" | "wrong";
            keyId?: string;
            /** @enum {string} */
            source: "file" | "environment";
        };
        SearchProgress: {
            indexedSeq: number;
            lastSeq: number;
            rebuilding: boolean;
        };
        Alerts: {
            channels: components["schemas"]["AlertChannel"][];
            rules: {
                /** @enum {string} */
                name: "failed" | "gap" | "degraded" | "stalled_upstream" | "quiet" | "behind" | "headroom" | "disk" | "delivery" | "own_fault";
                title: string;
                description: string;
                enabled: boolean;
                afterMs: number;
            }[];
            reminderMs: number;
            quietHours?: {
                timezone: string;
                from: string;
                to: string;
            };
            allowNetworks: string[];
            heartbeat: {
                address?: components["schemas"]["SecretInfo"];
                intervalMs: number;
                /** Format: date-time */
                beatAt?: string;
                error?: string;
            };
            problems: {
                key: string;
                /** @enum {string} */
                rule: "failed" | "gap" | "degraded" | "stalled_upstream" | "quiet" | "behind" | "headroom" | "disk" | "delivery" | "own_fault";
                /** @enum {string} */
                severity: "warning" | "critical";
                title: string;
                state: string;
                collectorId?: string;
                collector?: string;
                dataSources: string[];
                destinationId?: string;
                destination?: string;
                reason: string;
                action?: string;
                /** Format: date-time */
                since: string;
                /** Format: date-time */
                notifiedAt?: string;
            }[];
            deliveries: {
                id: string;
                channel: string;
                /** @enum {string} */
                kind: "problem" | "changed" | "reminder" | "resolved" | "test";
                title: string;
                /** @enum {string} */
                severity: "warning" | "critical";
                /** @enum {string} */
                state: "pending" | "sent" | "given_up";
                attempts: number;
                error?: string;
                /** Format: date-time */
                createdAt: string;
                /** Format: date-time */
                endedAt?: string;
            }[];
        };
        AlertChannel: {
            id: string;
            name: string;
            /** @enum {string} */
            kind: "webhook" | "slack" | "email";
            settings: {
                [key: string]: unknown;
            };
            secrets: components["schemas"]["SecretInfo"][];
            /** @enum {string} */
            leastSeverity: "warning" | "critical";
            enabled: boolean;
            /** @enum {string} */
            managedBy: "console" | "file";
            sent: number;
            failed: number;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
        };
        AlertSettingsChange: {
            rules?: {
                failed?: {
                    enabled: boolean;
                    afterMs: number;
                };
                gap?: {
                    enabled: boolean;
                    afterMs: number;
                };
                degraded?: {
                    enabled: boolean;
                    afterMs: number;
                };
                stalled_upstream?: {
                    enabled: boolean;
                    afterMs: number;
                };
                quiet?: {
                    enabled: boolean;
                    afterMs: number;
                };
                behind?: {
                    enabled: boolean;
                    afterMs: number;
                };
                headroom?: {
                    enabled: boolean;
                    afterMs: number;
                };
                disk?: {
                    enabled: boolean;
                    afterMs: number;
                };
                delivery?: {
                    enabled: boolean;
                    afterMs: number;
                };
                own_fault?: {
                    enabled: boolean;
                    afterMs: number;
                };
            };
            reminderMs?: 0 | number;
            quietHours?: {
                timezone: string;
                from: string;
                to: string;
            } | null;
            heartbeatMs?: number;
            allowNetworks?: string[];
        };
        SavedAlertChannel: {
            channel: components["schemas"]["AlertChannel"];
            signingSecret?: string;
        };
        NewAlertChannel: {
            name: string;
            /** @enum {string} */
            kind: "webhook" | "slack" | "email";
            settings: {
                [key: string]: unknown;
            };
            /** @enum {string} */
            leastSeverity?: "warning" | "critical";
            enabled?: boolean;
        };
        AlertChannelChange: {
            name?: string;
            settings?: {
                [key: string]: unknown;
            };
            /** @enum {string} */
            leastSeverity?: "warning" | "critical";
            enabled?: boolean;
        };
        AlertTest: {
            ok: boolean;
            reason?: string;
            message?: string;
            action?: string;
        };
        Account: {
            id: string;
            name: string;
            roles: ("admin" | "operator" | "analyst" | "viewer" | "auditor" | "privacy")[];
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            lastSignInAt?: string;
            /** Format: date-time */
            invitedUntil?: string;
        };
        Invited: {
            account: components["schemas"]["Account"];
            invitation: {
                token: string;
                /** Format: date-time */
                expiresAt: string;
            };
        };
        Token: {
            id: string;
            name: string;
            /** @enum {string} */
            role: "admin" | "operator" | "analyst" | "viewer" | "auditor" | "privacy";
            /** Format: date-time */
            createdAt: string;
            createdBy: string;
            /** Format: date-time */
            expiresAt: string;
            /** Format: date-time */
            lastUsedAt?: string;
        };
        NewTokenAnswer: {
            id: string;
            name: string;
            /** @enum {string} */
            role: "admin" | "operator" | "analyst" | "viewer" | "auditor" | "privacy";
            /** Format: date-time */
            createdAt: string;
            createdBy: string;
            /** Format: date-time */
            expiresAt: string;
            /** Format: date-time */
            lastUsedAt?: string;
            token: string;
        };
        AccessEntry: {
            id: number;
            /** Format: date-time */
            at: string;
            who: string;
            action: string;
            object?: string;
            detail?: {
                [key: string]: unknown;
            };
        };
        Document: {
            path: string;
            title: string;
        };
        DocumentText: {
            title: string;
            markdown: string;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
