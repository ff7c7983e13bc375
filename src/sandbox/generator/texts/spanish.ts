import type { Topic } from "./topic.ts";

export const SPANISH: readonly Topic[] = [
  {
    title: "Correo a proveedores sobre {product}",
    turns: [
      [
        "Necesito un correo corto y amable para pedir a tres proveedores el plazo de entrega de {n} carcasas.",
        "Buenos días:\n\n¿podrían indicarnos el plazo de entrega y el precio de {n} carcasas según el plano adjunto? Agradeceríamos su respuesta antes del viernes.\n\nUn saludo cordial",
      ],
      [
        "Añade que el pedido puede repetirse cada año.",
        "«El pedido puede repetirse cada año, por lo que nos interesa un precio estable.»",
      ],
    ],
  },
  {
    title: "Fórmula de hoja de cálculo",
    attachments: ["ventas_2026.xlsx"],
    tools: ["python"],
    turns: [
      [
        "¿Cómo sumo solo las ventas de Andalucía del último trimestre?",
        'Con `=SUMAR.SI.CONJUNTO(D:D;B:B;"Andalucía";C:C;">=2026-07-01";C:C;"<2026-10-01")`. La columna C debe tener fechas, no texto.',
      ],
      [
        "Me da cero.",
        "Entonces la columna C es texto. Conviértela con `=FECHANUMERO(C2)` y cópiala como valores. ¡Suele ser eso! 😅",
      ],
    ],
  },
  {
    title: "Preguntas para una entrevista",
    turns: [
      [
        "Entrevisto a una ingeniera de campo para {product}. Dame cinco preguntas prácticas.",
        "1. ¿Cómo detecta una lectura falsa?\n2. ¿Qué lleva siempre en la furgoneta?\n3. Cuente una reparación bajo lluvia.\n4. ¿Cuándo llama a la central?\n5. ¿Qué mejoraría de nuestros manuales?",
      ],
    ],
  },
];
