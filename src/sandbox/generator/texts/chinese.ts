import type { Topic } from "./topic.ts";

export const CHINESE: readonly Topic[] = [
  {
    title: "{product} 客戶回覆",
    turns: [
      [
        "客戶說 {product} 的讀數比實際水位高 {n} 公釐，請幫我寫一封回覆，語氣客氣。",
        "您好：\n\n感謝您的來信。讀數偏高通常是安裝高度與設定不一致所致，請將「基準高度」減去 {n} 公釐後再觀察一天。若仍有偏差，我們會派工程師到場檢查，不另收費。",
      ],
      ["加上案件編號。", "案件編號：{id}。來電時請告知此編號，我們就能立刻查到紀錄。"],
    ],
  },
  {
    title: "翻譯採購合約",
    attachments: ["採購合約_草稿.docx"],
    tools: ["file_search"],
    turns: [
      [
        "請把第三條翻成英文：「乙方應於收到訂單後三十日內交貨，逾期每日按總價千分之一計罰。」",
        "“Party B shall deliver within thirty days of receipt of the order. For each day of delay a penalty of 0.1 % of the total price applies.”",
      ],
      ["罰則有沒有上限？", "條文沒有寫上限。建議補一句：「違約金總額以總價百分之十為限。」"],
    ],
  },
  {
    title: "週報整理",
    turns: [
      [
        "這週完成：感測器測試 {n} 次、修正三個錯誤、與 {who} 開會。請整理成週報。",
        "**本週進度**\n- 完成感測器測試 {n} 次，全部通過 ✅\n- 修正三個錯誤，其中一個影響資料上傳\n- 與 {who} 確認下月時程\n\n**下週計畫**\n- 開始低溫測試",
      ],
    ],
  },
];
